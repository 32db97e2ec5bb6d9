import { type Rng, rngOf } from './rng.ts'

export interface Account {
  readonly accountId: string
  readonly numbers: readonly string[]
}

/** Something that somebody does at a time of the story, in ms from its beginning. */
export type Act = { readonly at: number } & (
  | {
      readonly does: 'broadcast'
      readonly account: number
      readonly from: string
      readonly people: readonly string[]
      readonly ratePerSecond: number
      /** What else the operator does with it, in ms after its start. */
      readonly later: readonly { readonly after: number; readonly does: 'pause' | 'resume' | 'cancel' }[]
    }
  | {
      readonly does: 'sequence'
      readonly account: number
      readonly from: string
      readonly people: readonly string[]
      readonly delays: readonly number[]
      readonly later: readonly { readonly after: number; readonly does: 'pause' | 'resume' | 'cancel' }[]
    }
  | {
      readonly does: 'say'
      readonly word: 'stop' | 'start'
      readonly account: number
      readonly to: string
      readonly person: string
      readonly body: string
      /** `direct`: the test is the carrier, and repeats the same message until it is answered with success. */
      readonly by: 'carrier' | 'direct'
      readonly delayMs: number
      readonly duplicates: number
      readonly optOutType?: 'STOP'
    }
  | { readonly does: 'opt-out by hand'; readonly account: number; readonly people: readonly string[] }
  | { readonly does: 'kill'; readonly name: string; readonly downMs: number }
  | { readonly does: 'faults'; readonly faults: readonly Record<string, unknown>[] }
)

export interface Plan {
  readonly seed: number
  readonly lengthMs: number
  readonly accounts: readonly Account[]
  readonly people: readonly string[]
  readonly acts: readonly Act[]
}

const stopWords = [
  'STOP',
  'stop',
  ' Stop. ',
  'STOP!!!',
  '"Stop"',
  'sToP',
  'UNSUBSCRIBE',
  'Cancel',
  'end',
  'QUIT',
  'stopall',
  'Opt-Out',
  'revoke',
  'stóp',
  'ＳＴＯＰ',
  'stop\n',
]
const startWords = ['START', 'start', ' Start! ', 'UNSTOP']

/** Everything that will be done, drawn from one seed. */
export function planOf(seed: number, lengthMs: number, kinds: readonly string[]): Plan {
  const rng = rngOf(seed)
  const id = seed.toString(36)
  const number = (block: number, i: number) =>
    `+1555${block}${String(seed % 1_000).padStart(3, '0')}${String(i).padStart(3, '0')}`
  const accounts = Array.from({ length: 4 }, (_, i) => ({
    accountId: `story_${id}_${i}`,
    numbers: Array.from({ length: i === 0 ? 2 : 1 }, (_, n) => number(2, i * 10 + n)),
  }))
  const people = Array.from({ length: 60 }, (_, i) => number(3, i))
  const killing = kills(rng.fork(), lengthMs, kinds)
  const crowds = killing.map((_, kill) => Array.from({ length: 8 }, (_, i) => number(4, kill * 8 + i)))
  const acts = [
    ...broadcasts(rng.fork(), lengthMs, accounts, people),
    ...sequences(rng.fork(), lengthMs, accounts, people),
    ...words(rng.fork(), lengthMs, accounts, people),
    ...byHand(rng.fork(), lengthMs, accounts, people),
    ...killing,
    ...crowds.flatMap((crowd, i) => underFire(rng.fork(), killing[i]?.at ?? 0, accounts, crowd)),
    ...faults(rng.fork(), lengthMs),
  ]
  return {
    seed,
    lengthMs,
    accounts,
    people: [...people, ...crowds.flat()],
    acts: acts.sort((one, other) => one.at - other.at),
  }
}

const laterActs = (rng: Rng) =>
  rng.pick([
    [],
    [],
    [
      { after: rng.int(500, 3_000), does: 'pause' as const },
      { after: rng.int(4_000, 6_000), does: 'resume' as const },
    ],
    [{ after: rng.int(1_500, 5_000), does: 'cancel' as const }],
  ])

function broadcasts(
  rng: Rng,
  lengthMs: number,
  accounts: readonly Account[],
  people: readonly string[],
): Act[] {
  return Array.from({ length: Math.ceil(lengthMs / 4_000) }, (_, i) => {
    const account = i % accounts.length
    return {
      at: rng.int(0, lengthMs * 0.75),
      does: 'broadcast',
      account,
      from: rng.pick(accounts[account]?.numbers ?? []),
      people: rng.shuffle(people).slice(0, rng.int(20, people.length)),
      ratePerSecond: rng.int(5, 30),
      later: laterActs(rng),
    }
  })
}

function sequences(
  rng: Rng,
  lengthMs: number,
  accounts: readonly Account[],
  people: readonly string[],
): Act[] {
  return Array.from({ length: Math.ceil(lengthMs / 6_000) }, (_, i) => {
    const account = (i + 1) % accounts.length
    return {
      at: rng.int(0, lengthMs / 2),
      does: 'sequence',
      account,
      from: rng.pick(accounts[account]?.numbers ?? []),
      people: rng.shuffle(people).slice(0, rng.int(5, 25)),
      delays: Array.from({ length: rng.int(2, 5) }, () => rng.int(0, 2_500)),
      later: laterActs(rng),
    }
  })
}

/** People change their minds: each says some words to some accounts, more than a second apart. */
function words(rng: Rng, lengthMs: number, accounts: readonly Account[], people: readonly string[]): Act[] {
  const acts: Act[] = []
  for (const person of rng.shuffle(people).slice(0, Math.floor(people.length * 0.8))) {
    const account = rng.int(0, accounts.length - 2)
    const by = rng.next() < 0.3 ? ('direct' as const) : ('carrier' as const)
    const to = () => rng.pick(accounts[account]?.numbers ?? [])
    let at = rng.int(500, lengthMs * 0.7)
    for (const word of rng.pick<('stop' | 'start')[]>([
      ['stop'],
      ['stop', 'start'],
      ['stop', 'start', 'stop'],
      ['stop', 'stop'],
      ['start', 'stop'],
    ])) {
      // What the carrier does not know of has no time, so a START over it would have to wait for a person.
      const isByCarrier = by === 'carrier' || word === 'start'
      acts.push({
        at,
        does: 'say',
        word,
        account,
        to: to(),
        person,
        body: rng.pick(word === 'stop' ? stopWords : startWords),
        by: isByCarrier ? 'carrier' : 'direct',
        delayMs: isByCarrier && rng.next() < 0.25 ? rng.int(200, 2_500) : 0,
        duplicates: rng.next() < 0.4 ? rng.int(1, 4) : 0,
        ...(word === 'stop' && isByCarrier && rng.next() < 0.15 ? { optOutType: 'STOP' as const } : {}),
      })
      at += rng.int(1_200, 4_000)
    }
  }
  return acts.filter((act) => act.at < lengthMs)
}

function byHand(rng: Rng, lengthMs: number, accounts: readonly Account[], people: readonly string[]): Act[] {
  return accounts.slice(0, -1).map((_, account) => ({
    at: rng.int(1_000, lengthMs * 0.6),
    does: 'opt-out by hand',
    account,
    people: rng.shuffle(people).slice(0, rng.int(1, 5)),
  }))
}

/** Each kind once in random order, then any, at random moments; several may be down at once. */
function kills(rng: Rng, lengthMs: number, kinds: readonly string[]): Extract<Act, { does: 'kill' }>[] {
  const count = Math.max(kinds.length, Math.floor(lengthMs / 2_500))
  const names = [...rng.shuffle(kinds), ...Array.from({ length: count }, () => rng.pick(kinds))].slice(
    0,
    count,
  )
  const slot = (lengthMs - 1_500) / count
  return names.map((name, i) => ({
    at: Math.floor(1_500 + slot * (i + rng.next() * 0.9)),
    does: 'kill',
    name,
    downMs: name === 'nats-server' ? rng.int(1_500, 3_000) : rng.int(200, 3_000),
  }))
}

/** While a process is away, people say STOP who are in the middle of being texted, every half second or so. */
function underFire(rng: Rng, at: number, accounts: readonly Account[], crowd: readonly string[]): Act[] {
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
    { ...texts, at: at - 1_500, does: 'sequence', delays: [0, 400, 400, 400, 400, 400, 400, 400] },
    { ...texts, at: at - 1_200, does: 'broadcast', ratePerSecond: 4 },
    ...stops,
  ]
}

function faults(rng: Rng, lengthMs: number): Act[] {
  const share = () => 0.02 + rng.next() * 0.08
  const on = () => [
    { kind: 'delay', ms: rng.int(50, 1_500), share: 0.3 },
    { kind: '429', share: share() },
    { kind: 'error', share: share() },
    { kind: 'error', accepted: true, share: share() },
    { kind: 'hang', accepted: rng.next() < 0.5, share: share() / 2 },
    { kind: 'drop', on: 'inbound', share: share() },
  ]
  const acts: Act[] = []
  for (let at = lengthMs * 0.2; at < lengthMs * 0.9; at += lengthMs * 0.3) {
    acts.push({ at, does: 'faults', faults: on() })
    acts.push({ at: at + lengthMs * 0.15, does: 'faults', faults: [] })
  }
  return acts
}
