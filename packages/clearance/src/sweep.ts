import type { GateState, NumberState } from './gate-state.ts'
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
  for (const [accountId, account] of state.accounts) {
    for (const [number, known] of account.numbers) if (isOver(known, now)) account.numbers.delete(number)
    // The revs seen are kept a little longer than the numbers: they show a rollback between two texts.
    if (account.numbers.size === 0 && now - account.lastAskedAt >= accountRestMs)
      state.accounts.delete(accountId)
  }
}

function isOver({ asking, basis, voidBefore }: NumberState, now: number): boolean {
  // An answer to a question from before the event has expired a lease after the event.
  return asking === 0 && !(basis && now < basis.until) && !(voidBefore !== null && now < voidBefore + leaseMs)
}
