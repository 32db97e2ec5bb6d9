import type { LaneDocument } from '@heed/outbound'
import type { PhoneNumber } from '@heed/phone'
import type { GivenWindows } from '@heed/quiet-hours'
import type { SequenceState } from '../domain/sequence-state.ts'

/** What is texted and when, and whether it goes on. Steps never change; state and lane change in one write. */
export interface SequenceDocument extends LaneDocument {
  readonly state: SequenceState
  readonly from: PhoneNumber
  /** As the author wrote them. */
  readonly steps: readonly {
    readonly delayMs: number
    readonly text: string
    readonly sendWindows?: GivenWindows | undefined
  }[]
  /** In place of the account's wording for sequences. */
  readonly optOutInstruction: string | null
  readonly exitOnReply?: boolean
  readonly excludeTags?: readonly string[]
  /** Tags that enrol whoever gets one of them after `from`, and the keys by which they are compared. */
  readonly triggers?: {
    readonly tags: readonly string[]
    readonly keys: readonly string[]
    readonly from: { readonly rev: number; readonly at: Date }
  }
  readonly createdAt: Date
  readonly cancelledAt: Date | null
  /** Cancelled, and not everything that waited has been ended yet. */
  readonly isEnding?: true
}
