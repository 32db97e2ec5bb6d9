import type { AuditFinding, AuditInput } from '@heed/clearance'
import { Epoch, type PhoneNumber } from '@heed/phone'
import { type AlarmName, createMetrics, type Timers } from '@heed/service'
import { newAccountId, testLog, waitFor } from '@heed/testkit'
import { expect, test } from 'vitest'
import { type HandedOver, startClearanceAudit } from './clearance-audit.ts'

const accountId = newAccountId()
const epoch = Epoch.parse('0123456789abcdef')

function handedOver(index: number): HandedOver {
  const number = `+1555${String(1_000_000 + index)}` as PhoneNumber
  return {
    text: { accountId, number, origin: 'broadcast' },
    attemptId: `attempt-${index}`,
    basis: { epoch, rev: index, gatedAt: 1_700_000_000_000, writtenAt: 1_700_000_000_001, late: false },
  }
}

/** An audit whose passes are the test's to begin. */
function auditing(find: (input: AuditInput) => AuditFinding[], random: () => number = Math.random) {
  const asked: AuditInput[] = []
  const alarms: [AlarmName, object][] = []
  const passes: (() => void)[] = []
  const timers: Timers = {
    soon: (run) => queueMicrotask(run),
    after: (_ms, run) => {
      passes.push(run)
      return () => {}
    },
  }
  const metrics = createMetrics({ withProcess: false })
  const audit = startClearanceAudit({
    audit: async (input) => {
      asked.push(input)
      return find(input)
    },
    raise: (name, fields) => void alarms.push([name, fields ?? {}]),
    metrics,
    log: testLog(),
    timers,
    random,
  })
  return {
    ...audit,
    asked,
    alarms,
    metrics,
    async pass() {
      const next = await waitFor(() => passes.shift())
      next()
      await waitFor(() => passes.length > 0)
    },
  }
}

test('a clearance is audited a whole pass after the gate, so that the ledger has what was under way', async () => {
  await using audit = auditing(({ clearances }) => clearances.map(() => 'agrees'))
  audit.sample(handedOver(1))
  await audit.pass()
  expect(audit.asked).toEqual([])
  await audit.pass()
  expect(audit.asked).toEqual([
    {
      clearances: [
        { ...handedOver(1).text, epoch, rev: 1, gatedAt: new Date(1_700_000_000_000).toISOString() },
      ],
    },
  ])
  expect(audit.alarms).toEqual([])
  expect(await audit.metrics.metrics()).toContain('heed_clearance_audits_total{finding="agrees"} 1')
})

test('what does not agree is an alarm that names the attempt and no number; what is not knowable is none', async () => {
  const findings = ['blocked', 'unknowable', 'overdue', 'ahead', 'agrees'] as const
  await using audit = auditing(() => [...findings])
  for (const index of findings.keys()) audit.sample(handedOver(index))
  await audit.pass()
  await audit.pass()
  expect(audit.alarms).toEqual(
    [0, 2, 3].map((index) => [
      'audit-mismatch',
      { account: accountId, attempt: `attempt-${index}`, finding: findings[index], epoch, rev: index },
    ]),
  )
})

test('of many texts twenty are audited, late ones as likely as early ones', async () => {
  await using audit = auditing(({ clearances }) => clearances.map(() => 'agrees'))
  let late = 0
  for (let round = 0; round < 60; round++) {
    for (let index = 0; index < 400; index++) audit.sample(handedOver(index))
    await audit.pass()
  }
  await audit.pass()
  for (const { clearances } of audit.asked) {
    expect(clearances).toHaveLength(20)
    late += clearances.filter(({ rev }) => rev >= 200).length
  }
  const share = late / (20 * audit.asked.length)
  // 1,200 draws of a half: five standard deviations are 0.072.
  expect(share).toBeGreaterThan(0.428)
  expect(share).toBeLessThan(0.572)
})

test('clearances that could not be asked about are asked about again', async () => {
  let isAway = true
  await using audit = auditing(({ clearances }) => {
    if (isAway) throw new Error('away')
    return clearances.map(() => 'agrees')
  })
  audit.sample(handedOver(7))
  for (let pass = 0; pass < 3; pass++) await audit.pass()
  isAway = false
  await audit.pass()
  expect(audit.asked.map(({ clearances }) => clearances[0]?.rev)).toEqual([7, 7, 7])
})
