import { createGate, type Gate } from '@heed/clearance'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { createMetrics, openAlarms } from '@heed/service'
import { testLog } from '@heed/testkit'
import { expect, test } from 'vitest'
import { reportClock, watchGate } from './gate-watch.ts'

const text = { accountId: 'acme' as AccountId, number: '+15550001111' as PhoneNumber, origin: 'api' as const }
const asked = [{ accountId: text.accountId, numbers: [text.number] }]
const epoch = '0123456789abcdef'

function watched() {
  const log = testLog()
  const clock = { mono: 1_000, wall: 1_000_000 }
  const gate: Gate = createGate({
    clock: { monoMs: () => clock.mono, wallMs: () => clock.wall },
    hooks: watchGate({
      metrics: createMetrics({ withProcess: false }),
      raise: openAlarms({ log }),
      size: () => gate.size(),
    }),
  })
  const answer = (rev: number) => ({
    epoch,
    rev,
    leaseMs: 500,
    policy: { v: 1 },
    verdicts: [{ allowed: true, reasons: [] }],
  })
  return {
    gate,
    clock,
    log,
    learn: (rev: number) => gate.onAnswer(gate.ask(asked), [answer(rev) as never]),
    alarms: () => log.lines.map(({ fields }) => (fields as { alarm: string }).alarm),
  }
}

test('an answer from before an earlier one raises rollback-seen, and no number is told (E10)', () => {
  const { learn, log, alarms } = watched()
  learn(7)
  learn(6)
  expect(alarms()).toEqual(['rollback-seen'])
  expect(JSON.stringify(log.lines)).not.toContain('5550001111')
})

test('a clock that is set once is no alarm; clocks that keep moving apart are', () => {
  const { gate, clock, learn, alarms } = watched()
  const send = () => gate.pass<void>(text, () => {}).outcome
  learn(1)
  clock.wall += 1_000
  expect(send()).toBe('hold')
  learn(1)
  expect(send()).toBe('passed')
  expect(alarms()).toEqual([])
  for (let times = 0; times < 60; times++) {
    learn(1)
    clock.wall += 1_000
    send()
  }
  expect(alarms()).toEqual(['clocks-apart'])
})

test('a clock source that a hypervisor may stop is an alarm at start, another is only told', async () => {
  for (const [source, raised] of [
    ['kvm-clock', ['clock-stops']],
    ['tsc', []],
    [null, []],
  ] as const) {
    const log = testLog()
    const alarms: string[] = []
    await reportClock(
      log,
      (name) => void alarms.push(name),
      async () => source,
    )
    expect(alarms).toEqual(raised)
    expect(log.lines).toEqual([{ level: 'info', message: 'clock source', fields: { clockSource: source } }])
  }
})
