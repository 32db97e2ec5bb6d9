import type { Account, Act } from './plan.ts'
import type { Rng } from './rng.ts'

export interface Say {
  readonly does: 'say'
  readonly word: 'stop' | 'start'
  readonly account: number
  readonly to: string
  readonly person: string
  readonly body: string
  /** `direct`: the run is the carrier, and repeats the same message until it is answered with success. */
  readonly by: 'carrier' | 'direct'
  readonly delayMs: number
  readonly duplicates: number
  readonly optOutType?: 'STOP'
}

export interface OptOutByHand {
  readonly does: 'opt-out by hand'
  readonly account: number
  readonly people: readonly string[]
  /** The same call again, as a client repeats it whose answer was lost. */
  readonly repeats: number
}

/** An admin lifts the block that is seen then; with `stale`, one that is named by a rev before it. */
export interface OptInByHand {
  readonly does: 'opt-in by hand'
  readonly account: number
  readonly person: string
  readonly stale: boolean
}

export const stopWords = [
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

interface Cast {
  readonly lengthMs: number
  readonly accounts: readonly Account[]
  readonly people: readonly string[]
}

/** People change their minds: each says some words to one account, more than a second apart. */
export function words(rng: Rng, { lengthMs, accounts, people }: Cast): Act[] {
  const acts: Act[] = []
  for (const person of rng.shuffle(people).slice(0, Math.floor(people.length * 0.8))) {
    const account = rng.int(0, accounts.length - 2)
    const by = rng.next() < 0.3 ? ('direct' as const) : ('carrier' as const)
    const to = () => rng.pick(accounts[account]?.numbers ?? [])
    let at = rng.int(500, lengthMs * 0.8)
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

/** What an operator and an admin do, for each account but the last. */
export function byHand(rng: Rng, { lengthMs, accounts, people }: Cast): Act[] {
  const rounds = Math.max(1, Math.floor(lengthMs / 30_000))
  return accounts.slice(0, -1).flatMap((_, account) =>
    Array.from({ length: rounds }, () => rng.int(1_000, lengthMs * 0.7)).flatMap((at): Act[] => {
      const named = rng.shuffle(people).slice(0, rng.int(1, 5))
      const lifted = { does: 'opt-in by hand', account, person: named[0] ?? '' } as const
      return [
        { at, does: 'opt-out by hand', account, people: named, repeats: rng.int(0, 2) },
        { ...lifted, at: at + rng.int(2_000, 4_000), stale: true },
        { ...lifted, at: at + rng.int(4_000, 6_000), stale: false },
      ]
    }),
  )
}
