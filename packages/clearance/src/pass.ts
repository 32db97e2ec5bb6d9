import type { Epoch } from '@heed/phone'
import { bindingReasons } from './binds.ts'
import { type Clearance, ClearanceMisuseError, type ClearanceText, IssuedClearance } from './clearance.ts'
import type { GateState } from './gate-state.ts'
import type { HoldReason } from './hooks.ts'
import { staleness } from './standing.ts'
import type { Policy, Reason } from './verdict.ts'

/** The text was handed to `write`, in this tick. */
export interface Passed<Value> {
  readonly outcome: 'passed'
  /** What `write` returned. */
  readonly value: Value
  /** The basis to be recorded: epoch, rev and gatedAt. It clears nothing any more. */
  readonly clearance: Clearance
}

/** Not now. It spends no attempt and loses nothing. All but `hinted` are mended by asking. */
export interface Held {
  readonly outcome: 'hold'
  readonly why: HoldReason
}

/** A block binds. `reasons` are all that stand, so that a report can name each. */
export interface Suppressed {
  readonly outcome: 'suppressed'
  readonly reasons: readonly Reason[]
  readonly epoch: Epoch
  readonly rev: number
  readonly policy: Policy
}

export type GateResult<Value> = Passed<Value> | Held | Suppressed

/** Nothing that promises: between gate and first byte nothing else may run. */
export type Synchronous<Value> = Value &
  ([Extract<Value, PromiseLike<unknown>>] extends [never] ? unknown : 'write must be synchronous')

const holds: Readonly<Record<HoldReason, Held>> = {
  'no-verdict': Object.freeze({ outcome: 'hold', why: 'no-verdict' }),
  void: Object.freeze({ outcome: 'hold', why: 'void' }),
  expired: Object.freeze({ outcome: 'hold', why: 'expired' }),
  clocks: Object.freeze({ outcome: 'hold', why: 'clocks' }),
  hinted: Object.freeze({ outcome: 'hold', why: 'hinted' }),
}

/** The gate itself; `Gate.pass` says what it promises. */
export function pass<Value>(
  state: GateState,
  text: ClearanceText,
  write: (clearance: Clearance) => Synchronous<Value>,
): GateResult<Value> {
  // The monotonic clock last: a pause between the two readings then makes the verdict older, not younger.
  const wall = state.clock.wallMs()
  const now = state.clock.monoMs()
  const account = state.accounts.get(text.accountId)
  const verdict = account?.verdicts.get(text.number)
  if (verdict === undefined) return hold(state, account?.voidBefore.has(text.number) ? 'void' : 'no-verdict')
  const stale = staleness(verdict, now, wall)
  if (stale !== null) return hold(state, stale)
  if (state.hints.holds(text.accountId, text.number, now)) return hold(state, 'hinted')
  const { reasons, policy, epoch, rev, askedAt } = verdict
  if (reasons.length > 0 && bindingReasons(reasons, text.origin, policy).length > 0) {
    state.hooks.onSuppress()
    return { outcome: 'suppressed', reasons, epoch, rev, policy }
  }
  const clearance = new IssuedClearance(text, verdict, wall)
  const value = handOver<Value>(clearance, write)
  state.hooks.onVerdictAge(now - askedAt)
  return { outcome: 'passed', value, clearance }
}

function handOver<Value>(clearance: Clearance, write: (clearance: Clearance) => Synchronous<Value>): Value {
  let value: Value
  try {
    value = write(clearance)
  } finally {
    IssuedClearance.close(clearance)
  }
  if (isThenable(value)) {
    throw new ClearanceMisuseError('write returned a promise: an await stands between gate and first byte')
  }
  return value
}

function isThenable(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  )
}

function hold(state: GateState, why: HoldReason): Held {
  state.hooks.onHold(why)
  return holds[why]
}
