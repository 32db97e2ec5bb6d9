import { type Killing, killings, type NetFault, netFaults, type Pause, pauses } from './faults.ts'
import { type Import, imports } from './imports.ts'
import { rngOf } from './rng.ts'
import { type Broadcast, broadcasts, carrierFaults, type Sequence, sequences, underFire } from './sendings.ts'
import { byHand, type OptInByHand, type OptOutByHand, type Say, words } from './words.ts'

export interface Account {
  readonly accountId: string
  readonly numbers: readonly string[]
}

/** Something that is done at a time of the run, in ms from its beginning. */
export type Act = { readonly at: number } & (
  | Broadcast
  | Sequence
  | Say
  | OptOutByHand
  | OptInByHand
  | Import
  | Killing
  | Pause
  | NetFault
  | { readonly does: 'add number'; readonly account: number; readonly number: string }
  | { readonly does: 'carrier faults'; readonly faults: readonly Record<string, unknown>[] }
  | { readonly does: 'malformed'; readonly draw: number }
)
export type Of<Does extends Act['does']> = Extract<Act, { does: Does }>

export interface Plan {
  readonly seed: number
  readonly lengthMs: number
  readonly load: number
  /** Of the last one nobody ever asks to be left alone, and nothing of it is paused or cancelled (E9). */
  readonly accounts: readonly Account[]
  /** A number that somebody says STOP to before any account has it. */
  readonly lateNumber: string
  /** Who is texted. */
  readonly people: readonly string[]
  /** Who is texted by the probe that ends the run, by account. */
  readonly probed: readonly (readonly string[])[]
  readonly acts: readonly Act[]
}

/** Numbers of the run by what they are for; `numberPattern` finds them all. */
const numberOf = (block: 2 | 3 | 4 | 5 | 6, i: number) => `+1555${block}${String(i).padStart(6, '0')}`
export const numberPattern = /(?<![0-9a-f.])1555[2-6]\d{6}(?![0-9a-f])/

/** Everything that will be done, drawn from one seed; `load` says how much is sent, 1 being what two cores bear. */
export function planOf(seed: number, lengthMs: number, processes: readonly string[], load = 1): Plan {
  const rng = rngOf(seed)
  const id = seed.toString(36)
  const accounts = Array.from({ length: 4 }, (_, i) => ({
    accountId: `chaos_${id}_${i}`,
    numbers: Array.from({ length: i === 0 ? 2 : 1 }, (_, n) => numberOf(2, i * 10 + n)),
  }))
  const lateNumber = numberOf(2, 99)
  const seconds = lengthMs / 1_000
  const people = Array.from({ length: Math.max(60, Math.min(600, seconds * load)) }, (_, i) => numberOf(3, i))
  const cast = { lengthMs, accounts, people, load }
  const killing = killings(rng.fork(), lengthMs, processes)
  const cutting = netFaults(rng.fork(), lengthMs)
  const harm = [...killing, ...cutting.filter(({ to }) => to === 'nats' || to === 'compliance')]
  const fires = rng.shuffle(harm).slice(0, Math.ceil(harm.length * load))
  const crowds = fires.map((_, fire) => Array.from({ length: 6 }, (_, i) => numberOf(4, fire * 6 + i)))
  const strangers = Array.from({ length: 4 }, (_, i) => numberOf(6, 900 + i))
  const acts: Act[] = [
    ...broadcasts(rng.fork(), cast),
    ...sequences(rng.fork(), cast),
    ...words(rng.fork(), cast),
    ...toNobody(lateNumber, strangers, lengthMs),
    ...byHand(rng.fork(), cast),
    ...imports(rng.fork(), cast, (i) => numberOf(5, i)),
    ...killing,
    ...cutting,
    ...pauses(rng.fork(), lengthMs, processes),
    ...crowds.flatMap((crowd, i) => underFire(rng.fork(), fires[i]?.at ?? 0, accounts, crowd)),
    ...carrierFaults(rng.fork(), lengthMs),
    ...Array.from({ length: Math.ceil(seconds) }, (_, i) => ({
      at: i * 1_000,
      does: 'malformed' as const,
      draw: rng.int(0, 1_000_000),
    })),
  ]
  return {
    seed,
    lengthMs,
    load,
    accounts,
    lateNumber,
    people: [...people, ...strangers, ...crowds.flat()],
    probed: accounts.map((_, i) => Array.from({ length: 5 }, (_, n) => numberOf(6, i * 10 + n))),
    acts: acts.sort((one, other) => one.at - other.at),
  }
}

/** STOPs to a number that is nobody's until most of the run is over (E7). */
function toNobody(to: string, strangers: readonly string[], lengthMs: number): Act[] {
  const said = strangers.map((person, i): Act => {
    const at = lengthMs * (0.1 + i * 0.1)
    const by = i % 2 === 0 ? 'carrier' : 'direct'
    return {
      at,
      does: 'say',
      word: 'stop',
      account: 0,
      to,
      person,
      body: 'STOP',
      by,
      delayMs: 0,
      duplicates: 1,
    }
  })
  return [...said, { at: lengthMs * 0.7, does: 'add number', account: 0, number: to }]
}
