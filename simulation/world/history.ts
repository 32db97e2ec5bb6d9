import type { CheckAnswer } from '@heed/clearance'
import type { Origin } from '@heed/phone'
import type { CarrierRecord } from '../processes/carrier.ts'

/** One call of an opt-out or opt-in that reached a compliance instance. */
export interface ConsentCall {
  readonly kind: 'opt-out' | 'opt-in'
  readonly at: number
  readonly account: string
  readonly source: string
  readonly list: string | null
  readonly numbers: readonly string[]
  readonly role: string
  readonly cause: string
  readonly input: Readonly<Record<string, unknown>>
  /** When the use case returned: the instant of acknowledgement. */
  answeredAt: number | null
  output: {
    readonly epoch: string
    readonly results: readonly {
      number: string
      list: string
      outcome: string
      rev: number
      replayed: boolean
    }[]
    readonly reply: string | null
  } | null
}

/** The one list that accounts share. */
export const sharedList = 'national-us-dnc'

/** When something was first asked for, and when its asker knew that it stands. */
export interface Spell {
  readonly begunAt: number
  ackedAt: number | null
}
export interface PolicySpell extends Spell {
  readonly account: string
  /** For which the shared list binds. */
  readonly origins: readonly Origin[]
}
export interface SharedSpell extends Spell {
  readonly number: string
  readonly op: 'add' | 'remove'
}

/** What compliance answered one ask with. */
export interface CheckRecord {
  /** When the request reached the instance, and when the use case returned. */
  readonly arrivedAt: number
  readonly answeredAt: number
  readonly account: string
  readonly numbers: readonly string[]
  readonly answer: CheckAnswer
}

/** The answer to one ask, as a sender's gate was given it. */
export interface HeardAnswer {
  readonly sender: string
  readonly life: number
  /** By true time: when the question was opened, and when the answer came. */
  readonly askedAt: number
  readonly askedOrder: number
  readonly heardAt: number
  readonly heardOrder: number
  /** `askedAt` by the sender's own monotonic clock. */
  readonly askedMono: number
  readonly account: string
  readonly numbers: readonly string[]
  readonly answer: CheckAnswer
}

/** An event or a hint, when it reached a gate. */
export interface Heard {
  readonly kind: 'event' | 'hint'
  readonly at: number
  /** Of two things in one instant the lower came first. */
  readonly order: number
  readonly sender: string
  readonly life: number
  readonly account: string
  readonly number: string
  readonly source: string
}

export interface FirstByte {
  readonly at: number
  readonly order: number
  readonly sender: string
  readonly life: number
  readonly account: string
  readonly number: string
  readonly textId: string | null
  readonly attemptId: string | null
  /** `at` by the sender's own monotonic clock. */
  readonly mono: number
  readonly epoch: string
  readonly rev: number
}

/** A text from a person, as the carrier took it in. */
export interface PersonText {
  readonly id: string
  readonly kind: 'stop' | 'start' | 'yes' | 'help' | 'chat'
  readonly from: string
  readonly to: string
  /** The carrier reads keywords by itself, and has replied. */
  readonly isReadByCarrier: boolean
  readonly takenAt: number
  /** What the carrier says of it: its own clock, to the second. */
  readonly second: number
  /** When a webhook was first answered with success. */
  acceptedAt: number | null
}

/** A text to a person, in answer to theirs. */
export interface ReplySeen {
  readonly at: number
  readonly to: string
  readonly from: string
  /** Of the text whose webhook it answered; null where it was a text of its own. */
  readonly source: string | null
  readonly body: string
}

/** A write of a head, as the database applied it: when it could first be seen. */
export interface HeadWrite {
  readonly at: number
  /** Of the primary that applied it. */
  readonly term: number
  readonly folded: number
  readonly published: number
  /** Entries in `recent`. */
  readonly waiting: number
  readonly account: string
  readonly epoch: string
  readonly rev: number
}

/** Everything that can be seen from outside, and what the checker judges. Nothing in it is read by the code under test. */
export interface History {
  readonly policies: PolicySpell[]
  readonly shared: SharedSpell[]
  readonly calls: ConsentCall[]
  readonly checks: CheckRecord[]
  readonly heardAnswers: HeardAnswer[]
  readonly heard: Heard[]
  readonly firstBytes: FirstByte[]
  readonly personTexts: PersonText[]
  readonly replies: ReplySeen[]
  /** Sources that got to the disk of an instance of inbound-sms. */
  readonly journaled: Set<string>
  /** Texts that left a journal's waiting lane, or the durable list of what nobody owns. */
  readonly left: { readonly at: number; readonly source: string; readonly where: string }[]
  /** When a webhook of a text reached an instance of inbound-sms. */
  readonly pushed: { readonly at: number; readonly source: string; readonly machine: string }[]
  /** Hints that inbound-sms gave to NATS while it was there. */
  readonly hinted: {
    readonly at: number
    readonly source: string
    readonly account: string
    readonly number: string
  }[]
  readonly headWrites: HeadWrite[]
  readonly restores: { readonly at: number }[]
  readonly carried: CarrierRecord[]
  /** Texts that an app was asked to send, and those that it said it had kept. */
  readonly texts: { readonly id: string; readonly account: string; readonly number: string }[]
  readonly keptTexts: Set<string>
  readonly alarms: string[]
  /** When a machine or NATS did not work as it should. */
  readonly disturbed: { readonly who: string; readonly from: number; readonly to: number }[]
  /** When each business number was given to its account. */
  readonly ownedAt: Map<string, number>
  /** What crossed the wire and should not have. */
  readonly wire: Set<string>
  /** What the world did: faults and their times, for a reader. */
  readonly notes: { readonly at: number; readonly text: string }[]
  holds: number
}

export function emptyHistory(): History {
  return {
    calls: [],
    checks: [],
    heardAnswers: [],
    heard: [],
    firstBytes: [],
    personTexts: [],
    replies: [],
    journaled: new Set(),
    left: [],
    pushed: [],
    hinted: [],
    headWrites: [],
    restores: [],
    carried: [],
    texts: [],
    keptTexts: new Set(),
    alarms: [],
    disturbed: [],
    ownedAt: new Map(),
    wire: new Set(),
    policies: [],
    shared: [],
    notes: [],
    holds: 0,
  }
}
