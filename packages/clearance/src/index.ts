export { type Asker, type AskerDependencies, createAsker, type Prepared } from './asker.ts'
export { type AuditedClearance, AuditFinding, AuditInput, AuditOutput, auditMax } from './audit.ts'
export { bindingReasons } from './binds.ts'
export { type Clearance, ClearanceMisuseError, type ClearanceText, redeem } from './clearance.ts'
export { type Clock, systemClock } from './clock.ts'
export { clockSource } from './clock-source.ts'
export { createGate, type Gate, type GateEvent, type GateHint, type GateSize } from './gate.ts'
export type { Question } from './gate-state.ts'
export type { Alarm, AlarmKind, GateHooks, HoldReason } from './hooks.ts'
export { clearanceMetrics } from './metrics.ts'
export type { GateResult, Held, Passed, Suppressed } from './pass.ts'
export { isPlainAnswer, isPlainInput, isPlainOutput } from './plain.ts'
export {
  boundMs,
  checkAccountsMax,
  checkCallsMax,
  checkNumbersMax,
  clocksApartMs,
  deadlineMs,
  driftMax,
  hintHoldMs,
  lateAfterMs,
  leaseMs,
  marginMs,
} from './protocol.ts'
export type { AskOutcome, NumbersOfAccount } from './questions.ts'
export { type Scheduler, systemScheduler } from './scheduler.ts'
export type { Lacking } from './standing.ts'
export {
  AccountVerdicts,
  CheckAnswer,
  type CheckAsk,
  CheckInput,
  CheckOutput,
  CheckRefusal,
  defaultPolicy,
  Policy,
  Reason,
  Verdict,
} from './verdict.ts'
