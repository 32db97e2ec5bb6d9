/**
 * Where a text is on its way. `ready` waits in its lane, `claimed` is in the hands of one worker, `sending` has
 * its intent recorded: from then on it may have been handed to the carrier. The last four are final, but that a
 * receipt resolves `unknown`.
 */
export const textStates = ['ready', 'claimed', 'sending', 'sent', 'suppressed', 'failed', 'unknown'] as const
export type TextState = (typeof textStates)[number]

/** What callers see: everything that is not final is waiting. */
export type OutwardState = 'waiting' | 'sent' | 'suppressed' | 'failed' | 'unknown'

export type Counts = Readonly<Record<OutwardState, number>>

export function outwardState(state: TextState): OutwardState {
  return state === 'ready' || state === 'claimed' || state === 'sending' ? 'waiting' : state
}

/** The five outward counts of a group of texts, from its counts by state. */
export function foldCounts(byState: Iterable<readonly [TextState, number]>): Counts {
  const counts = { waiting: 0, sent: 0, suppressed: 0, failed: 0, unknown: 0 }
  for (const [state, count] of byState) counts[outwardState(state)] += count
  return counts
}
