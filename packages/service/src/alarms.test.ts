import { expect, test } from 'vitest'
import { openAlarms } from './alarms.ts'
import { createMetrics } from './metrics.ts'

function kit() {
  const lines: [fields: unknown, message: unknown][] = []
  const metrics = createMetrics({ withProcess: false })
  let now = 0
  const raise = openAlarms({
    log: { error: (fields: unknown, message?: unknown) => void lines.push([fields, message]) } as never,
    metrics,
    clock: { monoMs: () => now },
  })
  const pass = (ms: number) => {
    now += ms
  }
  return { lines, metrics, raise, pass }
}

test('an alarm is one line that names it and says what to do', () => {
  const { lines, raise } = kit()
  raise('fold-stopped', { account: 'acme' })
  expect(lines).toEqual([
    [
      { account: 'acme', alarm: 'fold-stopped', todo: expect.stringContaining('verify-ledger') },
      expect.stringContaining('contradicts itself'),
    ],
  ])
})

test('an alarm that goes on is told once a minute, with how often meanwhile, and counted each time', async () => {
  const { lines, metrics, raise, pass } = kit()
  for (let times = 0; times < 5; times++) raise('rollback-seen')
  raise('clocks-apart')
  pass(60_000)
  raise('rollback-seen')
  expect(lines.map(([fields]) => fields)).toEqual([
    expect.objectContaining({ alarm: 'rollback-seen' }),
    expect.objectContaining({ alarm: 'clocks-apart' }),
    expect.objectContaining({ alarm: 'rollback-seen', alsoTimes: 4 }),
  ])
  expect(await metrics.metrics()).toContain('heed_alarms_total{alarm="rollback-seen"} 6')
})

test('every alarm is counted from zero, so that its first time shows as an increase', async () => {
  const { metrics } = kit()
  expect(await metrics.metrics()).toContain('heed_alarms_total{alarm="fold-stopped"} 0')
})
