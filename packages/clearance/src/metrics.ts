import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { GateSize } from './gate.ts'
import type { GateHooks } from './hooks.ts'

/** Upper ends of the age buckets, in seconds: fine up to the lease less its margin (475 ms), then what must stay empty. */
const ageBuckets = [0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.475, 0.55]

/**
 * Hooks that count what the gate does, in a registry of the caller's. No label carries an account or a number.
 * `size` is read when the metrics are collected.
 */
export function clearanceMetrics(registry: Registry, size?: () => GateSize): GateHooks {
  const registers = [registry]
  const age = new Histogram({
    name: 'heed_clearance_verdict_age_seconds',
    help: 'Age of the verdict on which a text passed the gate, from the instant before it was asked for.',
    buckets: ageBuckets,
    registers,
  })
  const holds = new Counter({
    name: 'heed_clearance_holds_total',
    help: 'Texts that the gate held, by reason; each may be held many times.',
    labelNames: ['why'],
    registers,
  })
  const suppressions = new Counter({
    name: 'heed_clearance_suppressions_total',
    help: 'Texts that the gate suppressed because a block binds.',
    registers,
  })
  const alarms = new Counter({
    name: 'heed_clearance_alarms_total',
    help: 'What an operator must look at, by kind.',
    labelNames: ['kind'],
    registers,
  })
  if (size !== undefined) gauges(registry, size)
  return {
    onVerdictAge: (ageMs) => age.observe(ageMs / 1_000),
    onHold: (why) => holds.inc({ why }),
    onSuppress: () => suppressions.inc(),
    onAlarm: ({ kind }) => alarms.inc({ kind }),
  }
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
