import type { OutwardState, TextDocument, TextReason } from '@heed/outbound'
import type { Enrolment, EnrolmentState } from './enrolment.ts'
import type { SequenceState } from './sequence-state.ts'

/** What is known of the present step's text; null where it has not been made. */
export type StepText = Pick<TextDocument, 'state' | 'reasons' | 'writtenAt' | 'settledAt' | 'delivery'>

/** What brings an enrolment on. Each is one conditional write, so that any number of workers may do it. */
export type Move =
  | { readonly move: 'none' }
  /** The text is on its way, or waits for its time. */
  | { readonly move: 'wait' }
  /** Makes the present step's text; `suppressed`: one that has ended before it began. */
  | { readonly move: 'make-text'; readonly suppressed: readonly TextReason[] | null }
  | { readonly move: 'suppress-text'; readonly reasons: readonly TextReason[] }
  | { readonly move: 'advance'; readonly outcome: OutwardState; readonly dueAt: Date }
  | {
      readonly move: 'end'
      readonly state: Exclude<EnrolmentState, 'active'>
      readonly outcome: OutwardState
      readonly reasons: readonly TextReason[]
    }

export interface MoveInput {
  readonly enrolment: Pick<Enrolment, 'state' | 'step' | 'dueAt' | 'blockedBy'>
  readonly sequence: {
    readonly state: SequenceState
    readonly cancelledAt: Date | null
    readonly steps: readonly { readonly delayMs: number }[]
  }
  readonly text: StepText | null
}

/**
 * Decides by the rows alone. A step counts as done when it was handed over, whatever a receipt tells later: the
 * delay of the next one counts from then. A definite refusal ends the enrolment as failed.
 */
export function nextMove(input: MoveInput): Move {
  const { enrolment, sequence, text } = input
  if (enrolment.state !== 'active') return { move: 'none' }
  const cancelled = cancelReasons(sequence)
  if (text === null) {
    if (cancelled) return { move: 'end', state: 'cancelled', outcome: 'suppressed', reasons: cancelled }
    return { move: 'make-text', suppressed: enrolment.blockedBy }
  }
  switch (text.state) {
    case 'ready': {
      const reasons = enrolment.blockedBy ?? cancelled
      return reasons ? { move: 'suppress-text', reasons } : { move: 'wait' }
    }
    case 'claimed':
    case 'sending':
      return { move: 'wait' }
    case 'suppressed': {
      const state = text.reasons.some(isCancelled) ? 'cancelled' : 'suppressed'
      return { move: 'end', state, outcome: 'suppressed', reasons: text.reasons }
    }
    case 'failed':
      // The carrier took it and could not deliver it: a phone may be off, and the next text may arrive.
      if (text.delivery !== null) return afterHandOver(input, text, 'failed')
      return { move: 'end', state: 'failed', outcome: 'failed', reasons: text.reasons }
    case 'sent':
    case 'unknown':
      return afterHandOver(input, text, text.state)
  }
}

function afterHandOver({ enrolment, sequence }: MoveInput, text: StepText, outcome: OutwardState): Move {
  const next = sequence.steps[enrolment.step + 1]
  if (!next) return { move: 'end', state: 'finished', outcome, reasons: [] }
  if (enrolment.blockedBy) return { move: 'end', state: 'suppressed', outcome, reasons: enrolment.blockedBy }
  const cancelled = cancelReasons(sequence)
  if (cancelled) return { move: 'end', state: 'cancelled', outcome, reasons: cancelled }
  const handedOverAt = text.writtenAt ?? text.settledAt ?? enrolment.dueAt
  return { move: 'advance', outcome, dueAt: new Date(handedOverAt.getTime() + next.delayMs) }
}

/** Why the waiting texts of a cancelled sequence end; null while it is not cancelled. */
export function cancelReasons({
  state,
  cancelledAt,
}: Pick<MoveInput['sequence'], 'state' | 'cancelledAt'>): readonly TextReason[] | null {
  if (state !== 'cancelled') return null
  return [{ reason: 'cancelled', since: (cancelledAt ?? new Date(0)).toISOString() }]
}

/** Somebody ended it, or the sequence let the person go. */
const endings: ReadonlySet<string> = new Set(['cancelled', 'replied', 'excluded-tag'])
const isCancelled = ({ reason }: TextReason) => endings.has(reason)
