import { setTimeout as sleep } from 'node:timers/promises'
import { deliveryReported } from '@heed/events'
import { waitFor } from '@heed/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { broadcastCalls, named, reasonOf } from './broadcast-calls.ts'
import { newRecipients, type System, startSystem } from './system.ts'

let system: System
beforeAll(async () => {
  system = await startSystem({ LEASE_MS: '1500' })
})
afterAll(() => system[Symbol.asyncDispose]())

const { get, newBroadcast, start, finished, rowsOf } = broadcastCalls(() => system)
const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count)

describe('a running broadcast', () => {
  test('texts each person once, and says on what', async () => {
    const broadcast = await newBroadcast(60)
    expect(await start(broadcast)).toEqual({ broadcastId: broadcast.broadcastId, state: 'running' })
    expect((await finished(broadcast)).counts).toEqual({
      waiting: 0,
      sent: 60,
      suppressed: 0,
      failed: 0,
      unknown: 0,
    })
    for (const row of await rowsOf(broadcast)) {
      const [message, ...others] = await system.phone(row.number)
      expect(others).toEqual([])
      expect(message).toMatchObject({ sid: row.providerId, from: broadcast.from, body: row.text })
      expect(row).toMatchObject({ state: 'sent', rev: 0, epoch: expect.stringMatching(/^[0-9a-f]{16}$/) })
      const arrivedAt = Date.parse(message?.receivedAt ?? '')
      expect(arrivedAt).toBeGreaterThanOrEqual(Date.parse(row.gatedAt ?? '') - 2)
    }
    expect(await reasonOf(start(broadcast))).toBe('wrong-state')
  })

  test('skips who is on a list, with every reason', async () => {
    const account = await system.newAccount()
    const recipients = newRecipients(10)
    const [first, second] = recipients.map(({ number }) => number) as [never, never]
    const { rev } = await system.optOut(account.accountId, [first])
    const dnc = {
      numbers: [first, second],
      list: 'dnc',
      cause: 'by-hand',
      source: `dnc-${account.accountId}`,
    }
    await system.compliance.consent.optOut.mutate({ accountId: account.accountId, ...dnc })
    const broadcast = await newBroadcast(0, { ...account, recipients })
    await start(broadcast)
    expect((await finished(broadcast)).counts).toMatchObject({ sent: 8, suppressed: 2 })
    const [one, two] = await rowsOf(broadcast)
    expect(one?.reasons).toMatchObject([
      { reason: 'opt-out', list: 'own', rev },
      { reason: 'do-not-contact', list: 'dnc' },
    ])
    expect(two?.reasons).toMatchObject([{ reason: 'do-not-contact', list: 'dnc' }])
    expect(await system.phone(first)).toEqual([])
  })

  test('stops for a person in the middle (E1)', async () => {
    const broadcast = await newBroadcast(200, { ratePerSecond: 50 })
    await start(broadcast)
    await waitFor(async () => (await get(broadcast)).counts.sent >= 20)
    const late = broadcast.recipients.slice(-64).map(({ number }) => number)
    const { effectiveBy } = await system.optOut(broadcast.accountId, late)
    // Most end at once, by the event, and not when their turn would have come.
    await waitFor(async () => (await get(broadcast)).counts.suppressed >= 50, { timeoutMs: 1_800 })
    const { counts } = await finished(broadcast)
    expect(counts).toMatchObject({ sent: 136, suppressed: 64, failed: 0, unknown: 0 })
    for (const number of late) {
      for (const { receivedAt } of await system.phone(number))
        expect(Date.parse(receivedAt)).toBeLessThanOrEqual(Date.parse(effectiveBy))
    }
  })

  test('does not revive a text by a START that comes after its STOP', async () => {
    const broadcast = await newBroadcast(1)
    const [{ number }] = broadcast.recipients as [{ number: never }]
    const { epoch, rev } = await system.optOut(broadcast.accountId, [number])
    await waitFor(async () => (await get(broadcast)).counts.suppressed === 1)
    const { outcome } = await system.compliance.consent.optIn.mutate({
      accountId: broadcast.accountId,
      number,
      cause: 'by-hand',
      source: `in-${broadcast.broadcastId}`,
      basis: { epoch, rev },
      actor: 'ann',
      note: 'called us',
    })
    expect(outcome).toBe('lifted')
    await start(broadcast)
    await finished(broadcast)
    expect(await system.phone(number)).toEqual([])
    const again = await system.broadcasts.create.mutate({
      accountId: broadcast.accountId,
      from: broadcast.from,
      text: 'Welcome back.',
      recipients: [{ number }],
    })
    await start({ ...broadcast, ...again })
    expect((await finished({ ...broadcast, ...again })).counts.sent).toBe(1)
  })

  test('sums its five counts to its recipients at every instant (E8)', async () => {
    const broadcast = await newBroadcast(300, { ratePerSecond: 300 })
    await system.optOut(
      broadcast.accountId,
      broadcast.recipients.slice(0, 30).map(({ number }) => number),
    )
    await system.faults([
      {
        kind: 'error',
        accepted: true,
        share: 0.1,
        numbers: broadcast.recipients.map(({ number }) => number),
      },
      { kind: '429', share: 0.1, numbers: broadcast.recipients.map(({ number }) => number) },
    ])
    try {
      await start(broadcast)
      let samples = 0
      for (let state = 'running'; state !== 'finished'; samples++) {
        const now = await get(broadcast)
        expect([now.recipients, sum(now.counts)]).toEqual([300, 300])
        if (now.state === 'finished') expect(now.counts.waiting).toBe(0)
        state = now.state
        await sleep(10)
      }
      expect(samples).toBeGreaterThan(10)
    } finally {
      await system.faults([])
    }
    const rows = await rowsOf(broadcast)
    for (const { number, state } of rows) {
      const { length } = await system.phone(number)
      expect([number, length]).toEqual([number, state === 'suppressed' ? 0 : 1])
    }
    expect((await get(broadcast)).counts).toMatchObject({ waiting: 0, suppressed: 30, failed: 0 })
  }, 30_000)

  test('pauses, resumes and is cancelled, and every recipient is accounted for', async () => {
    const broadcast = await newBroadcast(200, { ratePerSecond: 100 })
    expect(await reasonOf(system.broadcasts.pause.mutate(named(broadcast)))).toBe('wrong-state')
    await start(broadcast)
    await waitFor(async () => (await get(broadcast)).counts.sent >= 10)
    expect((await system.broadcasts.pause.mutate(named(broadcast))).state).toBe('paused')
    const still = await waitFor(async () => {
      const before = (await get(broadcast)).counts.sent
      await sleep(400)
      return (await get(broadcast)).counts.sent === before ? before : null
    })
    expect(still).toBeLessThan(120)
    expect((await system.broadcasts.resume.mutate(named(broadcast))).state).toBe('running')
    await waitFor(async () => (await get(broadcast)).counts.sent >= still + 10)
    expect((await system.broadcasts.cancel.mutate(named(broadcast))).state).toBe('cancelled')
    const { state, counts } = await waitFor(async () => {
      const now = await get(broadcast)
      return now.counts.waiting === 0 ? now : null
    })
    expect(state).toBe('cancelled')
    expect(counts.sent + counts.suppressed).toBe(200)
    expect(counts.suppressed).toBeGreaterThan(0)
    const cancelled = (await rowsOf(broadcast)).filter((row) => row.state === 'suppressed')
    for (const { reasons } of cancelled) expect(reasons).toMatchObject([{ reason: 'cancelled' }])
    const moves = ['start', 'pause', 'resume'] as const
    for (const move of moves)
      expect(await reasonOf(system.broadcasts[move].mutate(named(broadcast)))).toBe('wrong-state')
    expect((await system.broadcasts.cancel.mutate(named(broadcast))).state).toBe('cancelled')
    for (const { number } of await rowsOf(broadcast))
      expect((await system.phone(number)).length).toBeLessThanOrEqual(1)
  })

  test('takes a refusal by the carrier for that, and tells compliance', async () => {
    const broadcast = await newBroadcast(2)
    const [refused] = broadcast.recipients.map(({ number }) => number) as [never]
    await system.faults([{ kind: '21610', numbers: [refused] }])
    try {
      await start(broadcast)
      expect((await finished(broadcast)).counts).toMatchObject({ sent: 1, suppressed: 1 })
    } finally {
      await system.faults([])
    }
    const [row] = await rowsOf(broadcast)
    expect(row).toMatchObject({
      state: 'suppressed',
      reasons: [{ reason: 'carrier-refusal', list: 'carrier' }],
    })
    const status = await waitFor(async () => {
      const [one] = await system.compliance.consent.status.query({
        accountId: broadcast.accountId,
        numbers: [refused],
      })
      return one?.blocks.length === 1 ? one : null
    })
    expect(status).toMatchObject({ state: 'never', blocks: [{ list: 'carrier', cause: 'carrier-refusal' }] })
    expect(JSON.stringify(status.blocks[0]?.sources)).toContain(row?.attemptId)
  })

  test('calls a text unknown where the carrier does not answer, and a receipt resolves it', async () => {
    const broadcast = await newBroadcast(3)
    const [silent, refused] = broadcast.recipients.map(({ number }) => number) as [never, never]
    await system.faults([{ kind: 'error', status: 502, accepted: true, numbers: [silent, refused] }])
    try {
      await start(broadcast)
      expect((await finished(broadcast)).counts).toMatchObject({ sent: 1, unknown: 2 })
    } finally {
      await system.faults([])
    }
    const rows = await rowsOf(broadcast)
    const report = (index: number, status: 'delivered' | 'undelivered') =>
      system.bus.publish(deliveryReported, broadcast.accountId, {
        v: 1,
        account: broadcast.accountId,
        attemptId: rows[index]?.attemptId ?? '',
        providerId: `SM${String(index).repeat(32)}${broadcast.broadcastId}`,
        status,
        ...(status === 'undelivered' ? { errorCode: '30003' } : {}),
        businessNumber: broadcast.from,
        number: rows[index]?.number as never,
        at: new Date().toISOString(),
      })
    await report(0, 'delivered')
    await report(1, 'undelivered')
    await waitFor(async () => (await get(broadcast)).counts.unknown === 0)
    const [one, two] = await rowsOf(broadcast)
    expect(one).toMatchObject({ state: 'sent', reasons: [] })
    expect(two).toMatchObject({ state: 'failed', reasons: [{ reason: 'carrier-reported-failure' }] })
    expect(await system.phone(silent)).toHaveLength(1)
  })

  test('is not disturbed by jobs seen many times, or of nothing', async () => {
    const broadcast = await newBroadcast(40, { ratePerSecond: 80 })
    await start(broadcast)
    const queue = system.bus.workQueue({ stream: 'CAMPAIGN_WORK', subject: 'campaign.work' })
    for (let count = 0; count < 20; count++) await queue.wake(broadcast.broadcastId)
    await queue.wake('bc_nothing')
    expect((await finished(broadcast)).counts).toMatchObject({ sent: 40 })
    for (const { number } of broadcast.recipients) expect(await system.phone(number)).toHaveLength(1)
  })
})

test('no number stands in a log line (D1)', () => {
  expect(system.output.length).toBeGreaterThan(0)
  expect(system.output.filter((line) => /\+?1555\d{7}/.test(line))).toEqual([])
})
