import type { Invariant } from './checker/report.ts'

/** What a number of seeds came to. */
export interface Totals {
  seeds: number
  sends: number
  holds: number
  worstStalenessMs: number
  violations: number
  /** The first seed with a violation, and its first. */
  seed?: number
  invariant?: Invariant
}

export const noTotals = (): Totals => ({ seeds: 0, sends: 0, holds: 0, worstStalenessMs: 0, violations: 0 })

export function add(into: Totals, more: Totals): void {
  into.seeds += more.seeds
  into.sends += more.sends
  into.holds += more.holds
  into.worstStalenessMs = Math.max(into.worstStalenessMs, more.worstStalenessMs)
  into.violations += more.violations
  if (more.seed === undefined || (into.seed !== undefined && into.seed <= more.seed)) return
  into.seed = more.seed
  if (more.invariant) into.invariant = more.invariant
}
