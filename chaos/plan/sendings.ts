import type { Account, Act } from './plan.ts'
import type { Rng } from './rng.ts'
import { stopWords } from './words.ts'

interface Later {
  readonly after: number
  readonly does: 'pause' | 'resume' | 'cancel'
}

interface Texts {
  readonly account: number
  readonly from: string
  readonly people: readonly string[]
  /** What else the operator does with it, in ms after its start. */
  readonly later: readonly Later[]
}

export interface Broadcast extends Texts {
  readonly does: 'broadcast'
  readonly ratePerSecond: number
}

export interface Sequence extends Texts {
  readonly does: 'sequence'
  readonly delays: readonly number[]
}

interface Cast {
  readonly lengthMs: number
  readonly accounts: readonly Account[]
  readonly people: readonly string[]
  readonly load: number
}

const laterActs = (rng: Rng): Later[] =>
  rng.pick<Later[]>([
    [],
    [],
    [
      { after: rng.int(500, 3_000), does: 'pause' },
      { after: rng.int(4_000, 6_000), does: 'resume' },
    ],
    [{ after: rng.int(1_500, 5_000), does: 'cancel' }],
  ])

export function broadcasts(rng: Rng, { lengthMs, accounts, people, load }: Cast): Act[] {
  return Array.from({ length: Math.ceil((lengthMs / 4_000) * load) }, (_, i) => {
    const account = i % accounts.length
    const later = laterActs(rng)
    return {
      at: rng.int(0, lengthMs * 0.85),
      does: 'broadcast',
      account,
      from: rng.pick(accounts[account]?.numbers ?? []),
      people: rng.shuffle(people).slice(0, rng.int(20, 60)),
      ratePerSecond: rng.int(5, 30),
      later: account === accounts.length - 1 ? [] : later,
    }
  })
}

export function sequences(rng: Rng, { lengthMs, accounts, people, load }: Cast): Act[] {
  return Array.from({ length: Math.ceil((lengthMs / 6_000) * load) }, (_, i) => {
    const account = (i + 1) % accounts.length
    const later = laterActs(rng)
    return {
      at: rng.int(0, lengthMs * 0.75),
      does: 'sequence',
      account,
      from: rng.pick(accounts[account]?.numbers ?? []),
      people: rng.shuffle(people).slice(0, rng.int(5, 25)),
      delays: Array.from({ length: rng.int(2, 5) }, () => rng.int(0, 2_500)),
      later: account === accounts.length - 1 ? [] : later,
    }
  })
}

/** While something is away, people say STOP who are in the middle of being texted, every half second or so. */
export function underFire(
  rng: Rng,
  at: number,
  accounts: readonly Account[],
  crowd: readonly string[],
): Act[] {
  const account = rng.int(0, accounts.length - 2)
  const to = rng.pick(accounts[account]?.numbers ?? [])
  const texts = { account, from: to, people: crowd, later: [] }
  const stops = crowd.slice(2).map(
    (person): Act => ({
      at: at + rng.int(-200, 1_500),
      does: 'say',
      word: 'stop',
      account,
      to,
      person,
      body: rng.pick(stopWords),
      by: rng.pick(['carrier', 'direct']),
      delayMs: 0,
      duplicates: 0,
    }),
  )
  return [
    {
      ...texts,
      at: Math.max(0, at - 1_500),
      does: 'sequence',
      delays: [0, 400, 400, 400, 400, 400, 400, 400],
    },
    { ...texts, at: Math.max(0, at - 1_200), does: 'broadcast', ratePerSecond: 4 },
    ...stops,
  ]
}

/** What a carrier may do wrong by itself. */
export function carrierFaults(rng: Rng, lengthMs: number): Act[] {
  const share = () => 0.02 + rng.next() * 0.08
  const on = () => [
    { kind: 'delay', ms: rng.int(50, 1_500), share: 0.3 },
    { kind: '429', share: share() },
    { kind: 'error', share: share() },
    { kind: 'error', accepted: true, share: share() },
    { kind: 'hang', accepted: rng.next() < 0.5, share: share() / 2 },
    { kind: 'drop', on: 'inbound', share: share() },
  ]
  const periodMs = Math.min(lengthMs * 0.3, 60_000)
  const acts: Act[] = []
  for (let at = lengthMs * 0.2; at < lengthMs * 0.9; at += periodMs) {
    acts.push({ at, does: 'carrier faults', faults: on() })
    acts.push({ at: at + periodMs / 2, does: 'carrier faults', faults: [] })
  }
  return acts
}
