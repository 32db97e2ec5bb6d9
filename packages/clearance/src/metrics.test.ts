import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { a, clear, handClock, one, optedOut, say, two, verdicts } from '../tests/support.ts'
import { ageHistogram } from './age-histogram.ts'
import { createGate } from './gate.ts'
import { clearanceMetrics } from './metrics.ts'

test('what the gate does is counted, and D1: no account and no number is in it', async () => {
  const registry = new Registry()
  const gate = createGate({ clock: handClock(), hooks: clearanceMetrics(registry, () => gate.size()) })
  say(gate)
  clear(gate, a, one)
  say(gate)
  clear(gate, a, two, verdicts({ reasons: [optedOut] }))
  say(gate, a, two)
  clear(gate, a, two, verdicts({ rev: 1 }))
  const text = await registry.metrics()
  expect(text).toContain('heed_clearance_holds_total{why="no-verdict"} 1')
  expect(text).toContain('heed_clearance_verdict_age_seconds_count 1')
  expect(text).toContain('heed_clearance_suppressions_total 1')
  expect(text).toContain('heed_clearance_alarms_total{kind="rollback"} 1')
  expect(text).toContain('heed_clearance_held{kind="verdicts"} 2')
  expect(text).not.toContain(one.slice(1))
  expect(text).not.toContain(two.slice(1))
})

test('the age of a verdict falls into the bucket whose upper end it does not pass', async () => {
  const registry = new Registry()
  const observe = ageHistogram(registry, { name: 'age', help: 'age' })
  for (const ageMs of [0, 25, 25.1, 475, 475.1, 551]) observe(ageMs)
  const text = await registry.metrics()
  expect(text).toContain('# TYPE age histogram')
  expect(text).toContain('age_bucket{le="0.025"} 2')
  expect(text).toContain('age_bucket{le="0.05"} 3')
  expect(text).toContain('age_bucket{le="0.475"} 4')
  expect(text).toContain('age_bucket{le="0.5"} 5')
  expect(text).toContain('age_bucket{le="+Inf"} 6')
  expect(text).toContain('age_count 6')
})
