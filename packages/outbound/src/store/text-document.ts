import type { DeliveryStatus } from '@heed/events'
import type { IndexDescription } from '@heed/mongo'
import type { AccountId, Epoch, Origin, PhoneNumber } from '@heed/phone'
import type { SendWindow, StatedPlace } from '@heed/quiet-hours'
import type { TextReason } from '../domain/text-reason.ts'
import type { TextState } from '../domain/text-state.ts'

/** A text to be sent, or sent: the one document shape of every app that texts. */
export interface StoredText {
  /** Given by the app, unique in the collection, without a number in it: it begins every attempt's id. */
  readonly _id: string
  readonly a: AccountId
  /** What is paced, paused and cancelled together: the id of a lane's document. */
  readonly lane: string
  /** What the app made the text for; opaque here. */
  readonly owner: string
  readonly number: PhoneNumber
  readonly contactId: string | null
  readonly from: PhoneNumber
  readonly origin: Origin
  /** As it is sent, word for word. */
  readonly text: string
  readonly segments: number
  readonly state: TextState
  readonly reasons: readonly TextReason[]
  /** Not to be claimed before; the earliest first. */
  readonly dueAt: Date
  readonly sendWindows?: SendWindows
  readonly place?: StatedPlace
  /** The rule that it waits for until `dueAt`; means something while it is `ready`. */
  readonly heldBy?: string
  /** Definite failures so far. */
  readonly attempts: number
  /** Counts claims; every later write names the claim or the attempt that it belongs to. */
  readonly fence: number
  /** Of one worker's batch; there while claimed or sending. */
  readonly claim?: string
  /** When the server last heard that the worker lives; there as long as `claim`. */
  readonly leasedAt?: Date
  /** Of the claim that `fence` counts: it may have been handed over. */
  readonly hasIntent: boolean
  readonly epoch: Epoch | null
  readonly rev: number | null
  readonly gatedAt: Date | null
  readonly writtenAt: Date | null
  /** The first byte came more than 50 ms after the gate. */
  readonly late?: true
  readonly providerId: string | null
  readonly error: { readonly code: number | null; readonly httpStatus: number } | null
  /** The furthest receipt. */
  readonly delivery: TextDelivery | null
  /** The opt-out that answered it; `optOutLane` is its lane then, for counting. */
  readonly optedOut?: { readonly at: Date; readonly epoch: Epoch; readonly rev: number }
  readonly optOutLane?: string
  /** Compliance has yet to be told of the carrier's refusal. */
  readonly refusalDue?: true
  readonly createdAt: Date
  readonly settledAt: Date | null
}

/** A text as it is read. */
export interface TextDocument extends StoredText {
  /** Names the last attempt, from its recorded intent on: `<_id>.<fence>`. */
  readonly attemptId: string | null
  /** The rule that it waits for, and until when; null where none holds it. */
  readonly held: { readonly by: string; readonly until: Date } | null
}

/** When a text may be sent, by the clocks of `zone` (IANA). At least one window. */
export interface SendWindows {
  readonly zone: string
  readonly windows: readonly SendWindow[]
}

export interface TextDelivery {
  readonly rank: number
  readonly status: DeliveryStatus
  readonly errorCode: string | null
  readonly at: string
}

/** What an app says of a new text. */
export interface NewText {
  readonly id: string
  readonly lane: string
  readonly owner: string
  readonly number: PhoneNumber
  readonly contactId?: string | null
  readonly from: PhoneNumber
  readonly origin: Origin
  readonly text: string
  readonly segments: number
  /** As soon as its lane lets it, where not given. */
  readonly dueAt?: Date
  /** At any time, where not given. */
  readonly sendWindows?: SendWindows
  readonly place?: StatedPlace
  /** Makes the text end as suppressed before it begins. */
  readonly suppressed?: readonly TextReason[]
}

/** Due before everything that has a time. */
export const asSoonAsPossible = new Date(0)

export function newStoredText(a: AccountId, text: NewText, now: Date): StoredText {
  const { id, suppressed, contactId, dueAt, ...given } = text
  return {
    _id: id,
    a,
    ...given,
    contactId: contactId ?? null,
    state: suppressed ? 'suppressed' : 'ready',
    reasons: suppressed ?? [],
    dueAt: dueAt ?? asSoonAsPossible,
    attempts: 0,
    fence: 0,
    hasIntent: false,
    epoch: null,
    rev: null,
    gatedAt: null,
    writtenAt: null,
    providerId: null,
    error: null,
    delivery: null,
    createdAt: now,
    settledAt: suppressed ? now : null,
  }
}

export const textIndexes: readonly IndexDescription[] = [
  // Claims in order of dueAt; counts by state.
  { name: 'lane', key: { a: 1, lane: 1, state: 1, dueAt: 1, _id: 1 } },
  // What waits for a number that was blocked. Without the state: an index on it would be rewritten with every step.
  { name: 'number', key: { a: 1, number: 1 } },
  { name: 'lease', key: { leasedAt: 1 }, sparse: true },
  { name: 'refusal', key: { refusalDue: 1 }, sparse: true },
  {
    name: 'opt_out',
    key: { a: 1, optOutLane: 1 },
    partialFilterExpression: { optOutLane: { $exists: true } },
  },
]

/** Where ids are given, no other index is worth a look; a planner that counts accounts may not see it. */
export const byId = { hint: { _id: 1 } } as const

/** A text in the hands of one worker. */
export type ClaimedText = Pick<
  StoredText,
  | '_id'
  | 'a'
  | 'lane'
  | 'owner'
  | 'number'
  | 'contactId'
  | 'from'
  | 'origin'
  | 'text'
  | 'segments'
  | 'sendWindows'
  | 'place'
  | 'attempts'
  | 'fence'
> & { readonly claim: string }

/** Names a text in the hands of one worker: the same text may be claimed again. */
export const claimKey = ({ _id, claim }: Pick<ClaimedText, '_id' | 'claim'>) => `${_id}/${claim}`

/** Attempts are not stored by name, so that one update can record the intents of many texts. */
export function attemptIdOf({ _id, fence }: Pick<StoredText, '_id' | 'fence'>): string {
  return `${_id}.${fence}`
}

/** The text and the fence that an attempt's name stands for; null where it is no such name. */
export function attemptOf(attemptId: string): Pick<StoredText, '_id' | 'fence'> | null {
  const [, _id, fence] = /^(.+)\.(\d{1,9})$/.exec(attemptId) ?? []
  return _id === undefined ? null : { _id, fence: Number(fence) }
}

export function readText(text: StoredText): TextDocument {
  return {
    ...text,
    attemptId: text.hasIntent ? attemptIdOf(text) : null,
    held: text.state === 'ready' && text.heldBy ? { by: text.heldBy, until: text.dueAt } : null,
  }
}
