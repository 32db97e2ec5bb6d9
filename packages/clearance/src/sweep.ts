import type { GateState } from './gate-state.ts'
import { accountRestMs, leaseMs } from './protocol.ts'
import { close } from './questions.ts'

/**
 * Forgets what cannot matter any more: at most once per lease, so that each number asked for is looked at a
 * bounded number of times. What is forgotten never changes whether a text passes.
 */
export function sweep(state: GateState, now: number): void {
  if (now - state.sweptAt < leaseMs) return
  state.sweptAt = now
  state.hints.sweep(now)
  for (const question of state.open) if (now - question.askedAt >= leaseMs) close(state, question)
  for (const [accountId, { verdicts, voidBefore, activeAt }] of state.accounts) {
    for (const [number, { until }] of verdicts) if (now >= until) verdicts.delete(number)
    // What was asked for before the event has expired a lease after it.
    for (const [number, at] of voidBefore) if (now - at >= leaseMs) voidBefore.delete(number)
    // The revs seen are kept a little longer than the numbers: they show a rollback between two texts.
    const isAtRest = verdicts.size === 0 && voidBefore.size === 0 && now - activeAt >= accountRestMs
    if (isAtRest) state.accounts.delete(accountId)
  }
}
