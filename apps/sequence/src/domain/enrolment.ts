import type { OutwardState, TextReason } from '@heed/outbound'
import type { AccountId, PhoneNumber } from '@heed/phone'
import type { StatedPlace } from '@heed/quiet-hours'

/** The last four are final: nothing makes an enrolment active again. */
export const enrolmentStates = ['active', 'finished', 'suppressed', 'failed', 'cancelled'] as const
export type EnrolmentState = (typeof enrolmentStates)[number]

/** One person's way through a sequence. */
export interface Enrolment {
  readonly id: string
  readonly accountId: AccountId
  readonly sequenceId: string
  readonly number: PhoneNumber
  readonly contactId: string | null
  /** Where the person is, as far as whoever enrolled them said. */
  readonly place?: StatedPlace
  /** What merge fields say of the person. */
  readonly fields?: Readonly<Record<string, string>>
  /** 1 at first; a later one begins where the one before was suppressed and the block was lifted. */
  readonly generation: number
  readonly state: EnrolmentState
  readonly reasons: readonly TextReason[]
  /** The present step, from 0; the last one where it has ended. */
  readonly step: number
  /** What became of each step so far; the present one is `waiting` while the enrolment is active. */
  readonly outcomes: readonly OutwardState[]
  /** When the present step is due. */
  readonly dueAt: Date
  /** The authority said that a block binds the number: the enrolment ends with the step at hand. */
  readonly blockedBy: readonly TextReason[] | null
  /** To be looked at again then, because a hint may be lost; null where there is nothing to wait for. */
  readonly checkAt: Date | null
  readonly createdAt: Date
  readonly endedAt: Date | null
}

/** The id of a step's text: unique, the same whoever makes it, and without a number in it. */
export function textIdOf(enrolmentId: string, step: number): string {
  return `${enrolmentId}-${String(step).padStart(2, '0')}`
}

/** The step of a text, by its id. */
export const stepOfText = (textId: string): number => Number(textId.slice(textId.lastIndexOf('-') + 1))

/** Which enrolment an attempt was made for, or null where it is not of this app. */
export function enrolmentOfAttempt(attemptId: string): string | null {
  return /^(en_[0-9a-z]+)-\d+\.\d+$/.exec(attemptId)?.[1] ?? null
}
