import type { AccountId, Origin, PhoneNumber } from '@heed/phone'
import type { PersonText } from '../world/history.ts'
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
  | { readonly kind: 'carrier-silent'; readonly at: number; readonly forMs: number }
  | {
      readonly kind: 'disk'
      readonly at: number
      readonly who: number
      readonly forMs: number
      readonly hangs: boolean
    }
  | AimedFault

/** Struck when the n-th command of a kind passes, so that rare instants are met often. */
export interface AimedFault {
  readonly kind: 'aimed'
  readonly collection: string
  readonly command: string
  readonly nth: number
  readonly phase: 'sent' | 'applied'
  readonly strike: 'lost' | 'crash' | 'delay' | 'fail-over' | 'stale-primary' | 'lag' | 'hand-over'
  readonly afterMs: number
}

export type Act =
  | {
      /** What a person texts. */
      readonly kind: PersonText['kind']
      readonly at: number
      readonly account: number
      readonly number: number
      readonly id: string
      /** The carrier reads keywords, and has replied. */
      readonly isRead: boolean
      /** To the business number that nobody owns at first. */
      readonly isLate: boolean
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
  /** One source in two calls at once, that share a number, or that name two lists. */
  | {
      readonly kind: 'twice'
      readonly at: number
      readonly account: number
      readonly number: number
      readonly id: string
      readonly lists: readonly [string, string]
    }
  | { readonly kind: 'add-number'; readonly at: number }
  /** From here on a list that accounts share binds texts of these origins. */
  | {
      readonly kind: 'policy'
      readonly at: number
      readonly account: number
      readonly origins: readonly Origin[]
    }
  | {
      readonly kind: 'shared'
      readonly at: number
      readonly number: number
      readonly op: 'add' | 'remove'
      readonly id: string
    }
  | { readonly kind: 'settings'; readonly at: number; readonly account: number }

export interface Plan {
  readonly seed: number
  readonly accounts: readonly AccountId[]
  readonly numbers: readonly PhoneNumber[]
  readonly businessNumbers: readonly PhoneNumber[]
  /** Somebody texts to it before it belongs to the first account. */
  readonly lateNumber: { readonly number: PhoneNumber; readonly addedAt: number } | null
  readonly instances: number
  readonly inbounds: number
  /** Whether the carrier lists what it took in; otherwise the journal alone knows what was not committed. */
  readonly hasList: boolean
  /** The carrier's clock, ahead of true time. */
  readonly carrierAheadMs: number
  readonly headsPerRead: number
  readonly driftMax: number
  /** Share of the database's messages that are slow, and how late members hear what a majority holds. */
  readonly slowHops: number
  readonly commitToldMs: number
  /** Share of the calls between processes that take up to 300 ms, each way. */
  readonly slowCalls: number
  readonly hasBus: boolean
  /** Share of publications that NATS never gets. */
  readonly publishLoss: number
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
  const instant = instants(random, episodes)
  const faults = pickFaults(random, instant)
  const lateNumber = random.chance(0.2)
    ? { number: '+15559990002' as PhoneNumber, addedAt: random.between(2_000, 9_000) }
    : null
  return {
    seed,
    accounts: accountIds,
    numbers: Array.from({ length: 4 }, (_, n) => number(n)),
    businessNumbers: ['+15559990000', '+15559990001'] as PhoneNumber[],
    lateNumber,
    instances: random.chance(0.7) ? 2 : 1,
    inbounds: random.chance(0.5) ? 2 : 1,
    hasList: random.chance(0.7),
    carrierAheadMs: random.pick([0, 0, 300, -4_000, 57_000 + random.between(0, 6_000)]),
    headsPerRead: random.chance(0.2) ? 1 : 200,
    driftMax: random.pick([0, 0.05, 0.1, 0.1]),
    slowHops: random.pick([0.02, 0.02, 0.25]),
    commitToldMs: random.pick([3, 3, 250]),
    slowCalls: random.pick([0.01, 0.01, 0.3]),
    hasBus: random.chance(0.5),
    publishLoss: random.pick([0, 0, 0.15]),
    connectMaxMs: random.pick([1, 5, 300, 600]),
    pauseAfterGateMs: 0,
    ratePerSecond: random.pick([null, null, 20]),
    acts: pickActs(random, instant, lateNumber),
    faults,
    healAt: 12_000,
    episodes,
  }
}

/** Instants in the episodes, most of them close to one or two: what breaks a protocol is two things at once. */
function instants(random: Random, episodes: Plan['episodes']): () => number {
  const anywhere = () => {
    const { from, to } = random.pick(episodes)
    return random.between(from, to)
  }
  const knots = Array.from({ length: random.whole(0, 2) }, anywhere)
  return () =>
    knots.length === 0 || random.chance(0.4)
      ? anywhere()
      : Math.max(firstAt, random.pick(knots) + random.between(-150, 400))
}

function pickFaults(random: Random, instant: () => number): Fault[] {
  const count = random.pick([0, 1, 1, 2, 2, 3])
  return Array.from({ length: count }, () => pickFault(random, instant()))
}

function pickFault(random: Random, at: number): Fault {
  const electionMs = random.between(100, 1_500)
  switch (random.whole(0, 18)) {
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
      return { kind: 'crash', at, who: random.whole(0, 99), downMs: random.between(10, 2_000) }
    case 6:
      return { kind: 'pause', at, who: random.whole(0, 99), forMs: random.pick([50, 400, 1_500]) }
    case 7:
      return { kind: 'suspend', at, who: random.whole(0, 99), forMs: random.pick([5, 15, 19, 200, 2_000]) }
    case 8:
      return {
        kind: 'cut',
        at,
        who: random.whole(0, 99),
        other: random.whole(0, 99),
        forMs: random.between(100, 3_000),
      }
    case 9:
      return { kind: 'loss', at, forMs: random.between(200, 3_000), share: random.pick([0.05, 0.3]) }
    case 10:
      return { kind: 'bus-down', at, forMs: random.between(100, 4_000) }
    case 11:
      return { kind: 'carrier-silent', at, forMs: random.between(200, 3_000) }
    case 12:
    case 13:
      return {
        kind: 'disk',
        at,
        who: random.whole(0, 1),
        forMs: random.between(100, 2_000),
        hangs: random.chance(0.5),
      }
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
  ['inbound-sms.messages', 'bulkWrite'],
  ['inbound-sms.kept', 'update'],
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
    strike: random.pick([
      'lost',
      'crash',
      'delay',
      'fail-over',
      'stale-primary',
      'stale-primary',
      'lag',
      'hand-over',
    ]),
    afterMs: random.pick([0, 0.2, 1, 3, 30]),
  }
}

function pickActs(random: Random, instant: () => number, lateNumber: Plan['lateNumber']): Act[] {
  const acts: Act[] = []
  const ids = (kind: string) => `${kind}-${acts.length}`
  // Half of what happens concerns one person.
  const hot = { account: random.whole(0, 1), number: random.whole(0, 3) }
  const one = () => ({
    at: instant(),
    ...(random.chance(0.4) ? hot : { account: random.whole(0, 1), number: random.whole(0, 3) }),
  })
  const person = (told: ReturnType<typeof one>, kinds: readonly PersonText['kind'][]) => ({
    ...told,
    kind: random.pick(kinds),
    id: ids('SM'),
    isRead: random.chance(0.1),
    isLate: random.chance(0.15),
  })
  for (let i = random.whole(6, 12); i > 0; i--) {
    const told = one()
    acts.push(person(told, ['stop', 'stop', 'stop', 'start', 'start', 'yes', 'help', 'chat']))
    // People change their minds, within the second and later.
    for (let more = random.pick([0, 0, 1, 1, 2]); more > 0; more--)
      acts.push(
        person({ ...told, at: told.at + random.between(0, 2_600) }, ['stop', 'start', 'start', 'yes']),
      )
  }
  for (let i = random.whole(1, 4); i > 0; i--)
    acts.push({ kind: random.pick(['tick', 'refusal', 'dnc'] as const), ...one(), id: ids('op') })
  if (random.chance(0.4))
    acts.push({
      kind: 'twice',
      ...one(),
      id: ids('tw'),
      lists: random.pick([
        ['own', 'own'],
        ['own', 'dnc'],
        ['dnc', 'own'],
      ]),
    })
  // Several people at once, so that several instances fold the same changes.
  if (random.chance(0.5)) {
    const together = one()
    for (let number = random.whole(2, 4); number > 0; number--)
      acts.push({
        ...person({ ...together, number: number % 4 }, ['stop']),
        at: together.at + random.between(0, 6),
      })
  }
  for (let i = random.whole(0, 3); i > 0; i--)
    acts.push({ kind: 'by-hand', ...one(), id: ids('hand'), isStale: random.chance(0.3) })
  if (random.chance(0.12))
    acts.push({
      kind: 'import',
      at: instant(),
      account: 0,
      size: random.pick([40, 150, 700]),
      id: ids('im'),
    })
  for (let i = random.whole(2, 4); i > 0; i--)
    acts.push({
      kind: 'texts',
      at: instant(),
      account: random.whole(0, 1),
      count: random.whole(2, 8),
      id: ids('tx'),
    })
  if (lateNumber) acts.push({ kind: 'add-number', at: lateNumber.addedAt })
  if (random.chance(0.3)) acts.push({ kind: 'settings', at: instant(), account: random.whole(0, 1) })
  if (random.chance(0.35)) acts.push(...sharedLists(random, instant, ids))
  return acts
}

/** Somebody puts a number on a list that accounts share, before or after an account heeds it; perhaps off again later. */
function sharedLists(random: Random, instant: () => number, ids: (prefix: string) => string): Act[] {
  const origins = random.pick<readonly Origin[]>([['broadcast'], ['api'], ['broadcast', 'api']])
  const number = random.whole(0, 3)
  const at = instant()
  const acts: Act[] = [
    { kind: 'policy', at: instant(), account: random.whole(0, 1), origins },
    { kind: 'shared', at, number, op: 'add', id: ids('sh') },
  ]
  const removedAt = at + random.between(2_500, 6_000)
  // Somebody else sets it to something else in the same moment.
  const [policy] = acts
  if (policy?.kind === 'policy' && random.chance(0.3))
    acts.push({ kind: 'settings', at: policy.at + random.between(-4, 4), account: policy.account })
  if (random.chance(0.4)) acts.push({ kind: 'shared', at: removedAt, number, op: 'remove', id: ids('sh') })
  return acts
}
