import { Counter, Gauge, type Registry } from 'prom-client'
import { ageHistogram } from './age-histogram.ts'
import type { GateSize } from './gate.ts'
import type { AlarmKind, GateHooks, HoldReason } from './hooks.ts'

/**
 * Hooks that count what the gate does, in a registry of the caller's. No label carries an account or a number.
 * Counting costs the gate some nanoseconds: sums become metrics when they are collected, and so does `size`.
 */
export function clearanceMetrics(registry: Registry, size?: () => GateSize): Required<GateHooks> {
  const onVerdictAge = ageHistogram(registry, {
    name: 'heed_clearance_verdict_age_seconds',
    help: 'Age of the verdict on which a text passed the gate, from the instant before it was asked for.',
  })
  const holds: Record<HoldReason, number> = { 'no-verdict': 0, void: 0, expired: 0, clocks: 0, hinted: 0 }
  const alarms: Record<AlarmKind, number> = {
    rollback: 0,
    malformed: 0,
    inconsistent: 0,
    'hints-overflow': 0,
  }
  let suppressions = 0
  sums(registry, {
    name: 'heed_clearance_holds_total',
    help: 'Texts that the gate held, by reason; each may be held many times.',
    label: 'why',
    read: () => holds,
  })
  sums(registry, {
    name: 'heed_clearance_alarms_total',
    help: 'What an operator must look at, by kind.',
    label: 'kind',
    read: () => alarms,
  })
  new Counter({
    name: 'heed_clearance_suppressions_total',
    help: 'Texts that the gate suppressed because a block binds.',
    registers: [registry],
    collect() {
      this.reset()
      this.inc(suppressions)
    },
  })
  if (size !== undefined) gauges(registry, size)
  return {
    onVerdictAge,
    onHold(why) {
      holds[why] += 1
    },
    onSuppress() {
      suppressions += 1
    },
    onAlarm({ kind }) {
      alarms[kind] += 1
    },
  }
}

function sums(
  registry: Registry,
  {
    name,
    help,
    label,
    read,
  }: { name: string; help: string; label: string; read: () => Record<string, number> },
): void {
  new Counter({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect() {
      this.reset()
      for (const [value, sum] of Object.entries(read())) this.inc({ [label]: value }, sum)
    },
  })
}

function gauges(registry: Registry, size: () => GateSize): void {
  new Gauge({
    name: 'heed_clearance_held',
    help: 'What the gate holds in memory, by kind.',
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      for (const [kind, count] of Object.entries(size())) this.set({ kind }, count)
    },
  })
}
