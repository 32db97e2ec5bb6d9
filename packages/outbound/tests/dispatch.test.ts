import { setTimeout as sleep } from 'node:timers/promises'
import type { Weekday } from '@heed/quiet-hours'
import { checkNothingOpen, waitFor } from '@heed/testkit'
import { expect, test } from 'vitest'
import type { Carrier } from '../src/index.ts'
import { isOver, rowsOf, testSystem, twice } from './dispatch-system.ts'
import { someNumber } from './stores.ts'

checkNothingOpen()

test('copies share the texts, and each goes out once', async () => {
  await using system = await testSystem()
  const lane = await system.newLane()
  const texts = await system.addTexts(lane, 600)
  await Promise.all([system.startSender(), system.startSender(), system.startSender()])
  await waitFor(() => isOver(system.stores, lane), { timeoutMs: 15_000 })
  expect(new Set(system.arrivals.map(({ to }) => to))).toEqual(new Set(texts.map(({ number }) => number)))
  expect(twice(system.arrivals)).toBe(0)
  const rows = await rowsOf(system.stores, lane)
  expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['sent']))
  for (const { gatedAt, writtenAt, epoch, attemptId, providerId } of rows) {
    expect([gatedAt, writtenAt, epoch, attemptId, providerId]).not.toContain(null)
    expect(writtenAt?.getTime()).toBeGreaterThanOrEqual(gatedAt?.getTime() ?? 0)
  }
})

test('a number that is blocked gets nothing, and its text says why', async () => {
  await using system = await testSystem()
  const lane = await system.newLane()
  const texts = await system.addTexts(lane, 20)
  const [blocked] = texts
  system.authority.block(someNumber(blocked))
  await system.startSender()
  await waitFor(() => isOver(system.stores, lane))
  expect(system.arrivals.map(({ to }) => to)).not.toContain(blocked?.number)
  expect(system.arrivals).toHaveLength(19)
  const [row] = await system.texts.find(lane.a, [blocked?.id ?? ''])
  expect(row).toMatchObject({
    state: 'suppressed',
    reasons: [{ reason: 'opt-out', list: 'own', rev: 1 }],
    attemptId: null,
  })
})

test('while the authority is away nothing goes and nothing is spent, and sending resumes within a second', async () => {
  await using system = await testSystem()
  const lane = await system.newLane()
  await system.addTexts(lane, 30)
  system.authority.isAway = true
  await system.startSender()
  await waitFor(() => system.authority.asked > 5)
  expect(system.arrivals).toEqual([])
  system.authority.isAway = false
  await waitFor(() => system.arrivals.length > 0, { timeoutMs: 1_000 })
  await waitFor(() => isOver(system.stores, lane))
  expect(twice(system.arrivals)).toBe(0)
  for (const row of await rowsOf(system.stores, lane))
    expect(row).toMatchObject({ state: 'sent', attempts: 0 })
})

test('a verdict that runs out before the first byte is asked for again, in the same attempt', async () => {
  await using system = await testSystem()
  const lane = await system.newLane()
  await system.addTexts(lane, 5)
  let slow = 0
  const slowOnce = (carrier: Carrier): Carrier => ({
    ...carrier,
    async handOver(text, atGate) {
      if (slow++ < 5) await sleep(520)
      return carrier.handOver(text, atGate)
    },
  })
  await system.startSender({}, slowOnce)
  await waitFor(() => isOver(system.stores, lane))
  const rows = await rowsOf(system.stores, lane)
  for (const row of rows) expect(row).toMatchObject({ state: 'sent', attempts: 0, fence: 1 })
  expect(twice(system.arrivals)).toBe(0)
})

test('a text that is held at the gate gives its intent back and is never unknown', async () => {
  await using system = await testSystem()
  const lane = await system.newLane()
  await system.addTexts(lane, 5)
  let held = 0
  const holding = (carrier: Carrier): Carrier => ({
    ...carrier,
    handOver: async (text, atGate) =>
      held++ < 5 ? { outcome: 'held', why: 'hinted' } : carrier.handOver(text, atGate),
  })
  await system.startSender({}, holding)
  await waitFor(() => isOver(system.stores, lane))
  for (const row of await rowsOf(system.stores, lane)) {
    expect(row).toMatchObject({ state: 'sent', attempts: 0, fence: 2 })
  }
})

test('an opt-out in the middle suppresses the rest', async () => {
  await using system = await testSystem()
  const lane = await system.newLane({ ratePerSecond: 100 })
  const texts = await system.addTexts(lane, 100)
  const sender = await system.startSender()
  await waitFor(() => system.arrivals.length >= 20)
  const sentBefore = new Set(system.arrivals.map(({ to }) => to))
  const late = texts.filter(({ number }) => !sentBefore.has(number)).slice(-30)
  for (const { number } of late) {
    system.authority.block(number)
    sender.gate.onEvent({ account: lane.a, number, source: 's' })
  }
  await waitFor(() => isOver(system.stores, lane), { timeoutMs: 10_000 })
  expect(await system.texts.counts(lane)).toEqual({
    waiting: 0,
    sent: 70,
    suppressed: 30,
    failed: 0,
    unknown: 0,
  })
})

test('a judge holds, suppresses or lets go, and not knowing holds', async () => {
  await using system = await testSystem()
  const lane = await system.newLane()
  const [quiet, capped] = await system.addTexts(lane, 6)
  const until = new Date(Date.now() + 60_000)
  let failures = 0
  await system.startSender({
    judge: async (texts) => {
      if (failures++ === 0) throw new Error('the list is away')
      return texts.map(({ _id }) => {
        if (_id === quiet?.id) return { holdUntil: until }
        return _id === capped?.id
          ? { suppress: [{ reason: 'frequency-cap', since: until.toISOString() }] }
          : 'go'
      })
    },
  })
  await waitFor(() => system.arrivals.length === 4)
  const rows = await waitFor(async () => {
    const now = await rowsOf(system.stores, lane)
    return now.filter(({ state }) => state === 'sent').length === 4 ? now : null
  })
  expect(rows.find(({ _id }) => _id === quiet?.id)).toMatchObject({
    state: 'ready',
    dueAt: until,
    attempts: 0,
  })
  expect(rows.find(({ _id }) => _id === capped?.id)).toMatchObject({
    state: 'suppressed',
    reasons: [{ reason: 'frequency-cap' }],
  })
})

test('a text outside its send windows waits for the next one, names the rule and spends nothing', async () => {
  await using system = await testSystem()
  const lane = await system.newLane()
  const now = new Date()
  const today = (now.getUTCDay() || 7) as Weekday
  const later = ((today % 7) + 1) as Weekday
  const days = (...open: Weekday[]) => ({ zone: 'UTC', windows: [{ days: open, from: 0, to: 1440 }] })
  const [held] = await system.addTexts(lane, 1, { sendWindows: days(((later % 7) + 1) as Weekday) })
  const [never] = await system.addTexts(lane, 1, { sendWindows: { zone: 'No/Where', windows: [] } })
  await system.addTexts(lane, 3, { sendWindows: days(today, later) })
  await system.startSender()
  const rows = await waitFor(async () => {
    const found = await rowsOf(system.stores, lane)
    const isDone = found.every(({ state, held: by }) => by || state === 'sent' || state === 'suppressed')
    return isDone ? found : null
  })
  expect(system.arrivals).toHaveLength(3)
  const until = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 2))
  expect(rows.find(({ _id }) => _id === held?.id)).toMatchObject({
    state: 'ready',
    held: { by: 'send-window', until },
    attempts: 0,
    hasIntent: false,
  })
  expect(rows.find(({ _id }) => _id === never?.id)).toMatchObject({
    state: 'suppressed',
    reasons: [{ reason: 'no-send-window' }],
  })
})

test('ten texts of one account are over within 5 s in the midst of twenty thousand of another', async () => {
  await using system = await testSystem()
  const many = await system.newLane()
  for (let added = 0; added < 20_000; added += 1_000) await system.addTexts(many, 1_000)
  // So slow that what the process holds of the first would last 10 s.
  const slow = (carrier: Carrier): Carrier => ({
    ...carrier,
    async handOver(text, atGate) {
      const handOver = await carrier.handOver(text, atGate)
      await sleep(20)
      return handOver
    },
  })
  await system.startSender({ limits: { inFlightMax: 4 } }, slow)
  await waitFor(() => system.arrivals.length >= 100, { timeoutMs: 15_000 })
  const few = await system.newLane()
  const ten = new Set((await system.addTexts(few, 10)).map(({ number }): string => number))
  await waitFor(() => isOver(system.stores, few), { timeoutMs: 5_000 })
  expect(system.arrivals.filter(({ to }) => ten.has(to))).toHaveLength(10)
  expect(await system.texts.hasWaiting(many)).toBe(true)
}, 60_000)

test('a stopped sender has ended what was in flight and holds nothing', async () => {
  await using system = await testSystem()
  const lane = await system.newLane()
  await system.addTexts(lane, 2_000)
  const sender = await system.startSender()
  await waitFor(() => system.arrivals.length > 100)
  await sender.stop()
  const rows = await rowsOf(system.stores, lane)
  expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['ready', 'sent']))
  expect(rows.filter(({ state }) => state === 'sent')).toHaveLength(system.arrivals.length)
})
