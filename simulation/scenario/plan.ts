import type { AccountId, PhoneNumber } from '@heed/phone'
import type { Random } from '../world/random.ts'

/** All instants are ms since the world began; by then accounts stand and senders run. */
export const firstAt = 400
export const endAt = 20_000

/** What can be done to the world, one thing at a time; `pickFaults` chooses by the seed. */
export type Fault =
  | { readonly kind: 'fail-over'; readonly at: number; readonly electionMs: number; readonly downMs: number }
  | {
      readonly kind: 'stale-primary'
      readonly at: number
      readonly electionMs: number
      readonly forMs: number
    }
  | { readonly kind: 'step-down'; readonly at: number }
  | { readonly kind: 'lag'; readonly at: number; readonly forMs: number; readonly lagMs: number }
  | { readonly kind: 'crash'; readonly at: number; readonly who: number; readonly downMs: number }
  | { readonly kind: 'pause'; readonly at: number; readonly who: number; readonly forMs: number }
  | { readonly kind: 'suspend'; readonly at: number; readonly who: number; readonly forMs: number }
  | {
      readonly kind: 'cut'
      readonly at: number
      readonly who: number
      readonly other: number
      readonly forMs: number
    }
  | { readonly kind: 'loss'; readonly at: number; readonly forMs: number; readonly share: number }
  | { readonly kind: 'bus-down'; readonly at: number; readonly forMs: number }
  | { readonly kind: 'restore'; readonly at: number; readonly backAtMs: number }
  | AimedFault

/** Struck when the n-th command of a kind passes, so that rare instants are met often. */
export interface AimedFault {
  readonly kind: 'aimed'
  readonly collection: string
  readonly command: string
  readonly nth: number
  readonly phase: 'sent' | 'applied'
  readonly strike: 'lost' | 'crash' | 'delay' | 'fail-over' | 'stale-primary' | 'lag'
  readonly afterMs: number
}

export type Act =
  | {
      readonly kind: 'stop' | 'start' | 'yes' | 'chat'
      readonly at: number
      readonly account: number
      readonly number: number
      readonly id: string
      readonly tells: boolean
    }
  | {
      readonly kind: 'tick' | 'refusal' | 'dnc'
      readonly at: number
      readonly account: number
      readonly number: number
      readonly id: string
    }
  | {
      readonly kind: 'by-hand'
      readonly at: number
      readonly account: number
      readonly number: number
      readonly id: string
      readonly isStale: boolean
    }
  | {
      readonly kind: 'import'
      readonly at: number
      readonly account: number
      readonly size: number
      readonly id: string
    }
  | {
      readonly kind: 'texts'
      readonly at: number
      readonly account: number
      readonly count: number
      readonly id: string
    }
  | { readonly kind: 'settings'; readonly at: number; readonly account: number }

export interface Plan {
  readonly seed: number
  readonly accounts: readonly AccountId[]
  readonly numbers: readonly PhoneNumber[]
  readonly businessNumbers: readonly PhoneNumber[]
  readonly instances: number
  readonly headsPerRead: number
  readonly driftMax: number
  readonly hasBus: boolean
  /** How long connections to the carrier take at most. */
  readonly connectMaxMs: number
  readonly ratePerSecond: number | null
  /** Between gate and first byte; only a broken world has any. */
  readonly pauseAfterGateMs: number
  readonly acts: readonly Act[]
  readonly faults: readonly Fault[]
  /** When the last fault ends; from then on everything must drain. */
  readonly healAt: number
  /** When much is going on: senders try often. */
  readonly episodes: readonly { readonly from: number; readonly to: number }[]
}

const accountIds = ['acme', 'acme-2'] as AccountId[]
const number = (n: number) => `+1555000${1000 + n}` as PhoneNumber

export function makePlan(seed: number, random: Random): Plan {
  const from = firstAt + random.between(0, 500)
  const episodes = [
    { from, to: from + random.between(1_500, 3_000) },
    { from: 6_000 + random.between(0, 1_000), to: 8_000 + random.between(0, 2_000) },
  ]
  const faults = pickFaults(random, episodes)
  return {
    seed,
    accounts: accountIds,
    numbers: Array.from({ length: 4 }, (_, n) => number(n)),
    businessNumbers: ['+15559990000', '+15559990001'] as PhoneNumber[],
    instances: random.chance(0.7) ? 2 : 1,
    headsPerRead: random.chance(0.2) ? 1 : 200,
    driftMax: random.pick([0, 0.05, 0.1, 0.1]),
    hasBus: random.chance(0.5),
    connectMaxMs: random.pick([1, 5, 300, 600]),
    pauseAfterGateMs: 0,
    ratePerSecond: random.pick([null, null, 20]),
    acts: pickActs(random, episodes),
    faults,
    healAt: 12_000,
    episodes,
  }
}

type Episodes = Plan['episodes']

function within(random: Random, episodes: Episodes): number {
  const { from, to } = random.pick(episodes)
  return random.between(from, to)
}

function pickFaults(random: Random, episodes: Episodes): Fault[] {
  const count = random.pick([0, 1, 1, 2, 2, 3])
  return Array.from({ length: count }, () => pickFault(random, within(random, episodes)))
}

function pickFault(random: Random, at: number): Fault {
  const electionMs = random.between(100, 1_500)
  switch (random.whole(0, 14)) {
    case 0:
      return { kind: 'fail-over', at, electionMs, downMs: electionMs + random.between(200, 3_000) }
    case 1:
    case 2:
      return { kind: 'stale-primary', at, electionMs, forMs: electionMs + random.between(300, 3_000) }
    case 3:
      return { kind: 'step-down', at }
    case 4:
      return { kind: 'lag', at, forMs: random.between(200, 2_500), lagMs: random.pick([5, 50, 200, 500]) }
    case 5:
      return { kind: 'crash', at, who: random.whole(0, 9), downMs: random.between(10, 2_000) }
    case 6:
      return { kind: 'pause', at, who: random.whole(0, 9), forMs: random.pick([50, 400, 1_500]) }
    case 7:
      return { kind: 'suspend', at, who: random.whole(0, 9), forMs: random.pick([5, 15, 19, 200, 2_000]) }
    case 8:
      return {
        kind: 'cut',
        at,
        who: random.whole(0, 9),
        other: random.whole(0, 9),
        forMs: random.between(100, 3_000),
      }
    case 9:
      return { kind: 'loss', at, forMs: random.between(200, 3_000), share: random.pick([0.05, 0.3]) }
    case 10:
      return { kind: 'bus-down', at, forMs: random.between(100, 4_000) }
    default:
      return aimed(random)
  }
}

/** Each step of the protocol that writes or reads, and what may befall it there. */
const aims: readonly (readonly [collection: string, command: string])[] = [
  ['compliance.sources', 'insert'],
  ['compliance.heads', 'update'],
  ['compliance.heads', 'update'],
  ['compliance.heads', 'find'],
  ['compliance.ledger', 'insert'],
  ['compliance.ledger', 'find'],
  ['compliance.blocklist', 'bulkWrite'],
  ['compliance.blocklist', 'bulkWrite'],
  ['compliance.blocklist', 'find'],
  ['campaign.texts', 'update'],
  ['campaign.texts', 'bulkWrite'],
  ['campaign.texts', 'find'],
]

function aimed(random: Random): AimedFault {
  const [collection, command] = random.pick(aims)
  return {
    kind: 'aimed',
    collection,
    command,
    nth: random.whole(1, 14),
    phase: random.pick(['sent', 'applied']),
    strike: random.pick(['lost', 'crash', 'delay', 'fail-over', 'stale-primary', 'stale-primary', 'lag']),
    afterMs: random.pick([0, 0.2, 1, 3, 30]),
  }
}

function pickActs(random: Random, episodes: Episodes): Act[] {
  const acts: Act[] = []
  const ids = (kind: string) => `${kind}-${acts.length}`
  const one = () => ({
    at: within(random, episodes),
    account: random.whole(0, 1),
    number: random.whole(0, 3),
  })
  const times = random.whole(6, 14)
  for (let i = 0; i < times; i++) {
    const kind = random.pick(['stop', 'stop', 'stop', 'start', 'start', 'yes', 'chat'] as const)
    const told = one()
    acts.push({ kind, ...told, id: ids('SM'), tells: random.chance(0.6) })
    // Carriers deliver twice, and people text twice.
    if (random.chance(0.2))
      acts.push({
        ...told,
        kind,
        at: told.at + random.between(0, 60),
        id: `SM-${acts.length - 1}`,
        tells: random.chance(0.6),
      })
  }
  for (let i = random.whole(1, 4); i > 0; i--)
    acts.push({ kind: random.pick(['tick', 'refusal', 'dnc'] as const), ...one(), id: ids('op') })
  for (let i = random.whole(0, 3); i > 0; i--)
    acts.push({ kind: 'by-hand', ...one(), id: ids('hand'), isStale: random.chance(0.3) })
  if (random.chance(0.12))
    acts.push({
      kind: 'import',
      at: within(random, episodes),
      account: 0,
      size: random.pick([40, 150, 700]),
      id: ids('im'),
    })
  for (let i = random.whole(2, 4); i > 0; i--)
    acts.push({
      kind: 'texts',
      at: within(random, episodes),
      account: random.whole(0, 1),
      count: random.whole(2, 8),
      id: ids('tx'),
    })
  if (random.chance(0.3))
    acts.push({ kind: 'settings', at: within(random, episodes), account: random.whole(0, 1) })
  return acts
}
