import type { BlockState, Entry, Outcome } from './entry.ts'

/** A change that was committed once, lost with a restore, and is known from its event. */
export interface RecalledChange {
  readonly kind: 'recalled'
  readonly src: string
  readonly list: string
  readonly numbers: readonly [string]
  readonly op: Entry['op']
  /** As it was decided; absent where the event is of a version that did not tell. */
  readonly outcome?: Outcome
  readonly sentAt?: Date
  readonly carrierAccount?: string
  readonly texted: boolean
  /** When it was decided, then. */
  readonly at: Date
}

/**
 * What a lost change becomes: what it was. But a lift lifts no block that was decided later than the lift, which
 * can be here only if somebody went on with the restored ledger before it was complete (E5).
 */
export function decideRecalled(change: RecalledChange, state: BlockState | null): Omit<Entry, 'rev'> {
  const [n] = change.numbers
  const { src, list, sentAt, carrierAccount, texted, at } = change
  const isBlocked = state?.blocked === true
  const isOvertaken = change.op === 'lift' && isBlocked && state.at.getTime() > at.getTime()
  const op = isOvertaken ? 'keep' : change.op
  return {
    n,
    list,
    op,
    outcome: isOvertaken ? 'stale' : outcomeOf(op, isBlocked, change.outcome),
    src,
    ...(sentAt ? { sentAt } : {}),
    ...(carrierAccount ? { carrierAccount } : {}),
    ...(texted ? { texted: true as const } : {}),
    at,
  }
}

/** What it did now, where that can be told; otherwise what it did then. */
function outcomeOf(op: Entry['op'], isBlocked: boolean, then: Outcome | undefined): Outcome {
  if (op === 'block') return isBlocked ? 'renewed' : 'turned'
  if (op === 'lift') return isBlocked ? 'lifted' : 'no-block'
  return then ?? (isBlocked ? 'known' : 'no-block')
}
