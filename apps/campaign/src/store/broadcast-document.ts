import type { LaneDocument } from '@heed/outbound'
import type { PhoneNumber } from '@heed/phone'
import type { GivenWindows } from '@heed/quiet-hours'
import type { BroadcastState } from '../domain/broadcast-state.ts'

export interface BroadcastDocument extends LaneDocument {
  readonly state: BroadcastState
  readonly from: PhoneNumber
  /** As it was given, and as it is sent. */
  readonly givenText: string
  readonly text: string
  readonly segments: number
  readonly encoding: 'GSM-7' | 'UCS-2'
  readonly instructionAppended: boolean
  /** What each person's text is made with, where the given one has merge fields. */
  readonly wording?: { readonly instruction: string | null; readonly optOutKeywords: readonly string[] }
  /** Why it carries no opt-out instruction. */
  readonly instructionOff?: string
  readonly sendWindows?: GivenWindows
  /** When it is started; there while it is scheduled. */
  readonly startsAt?: Date
  /** Counts recipients given, so that each text gets an id of its own. */
  readonly nextIndex: number
  /** Recipients are being added until then; it is not started meanwhile. */
  readonly addingUntil?: Date
  /** Cancelled, and not every waiting text has been ended yet. */
  readonly isEnding?: true
  readonly createdAt: Date
  readonly startedAt: Date | null
  readonly endedAt: Date | null
}
