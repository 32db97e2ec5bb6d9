import { setTimeout as sleep } from 'node:timers/promises'
import { createMetrics, systemClock } from '@heed/service'
import { checkNothingOpen, newAccountId, newPhoneNumber, testLog, waitFor } from '@heed/testkit'
import { expect, test } from 'vitest'
import { readServerTime, serverClock } from '../src/dispatch/server-clock.ts'
import {
  type Carrier,
  type DispatcherDeps,
  type LaneId,
  numberPacers,
  startDispatcher,
  twilioCarrier,
} from '../src/index.ts'
import { testAuthority } from './authority.ts'
import { type Answer, accepted, carrierServer, httpAnswer } from './carrier-server.ts'
import { someNumber, type TestStores, testStores } from './stores.ts'

checkNothingOpen()

interface Arrival {
  readonly to: string
  readonly at: number
}

/** A carrier that answers at once unless told otherwise, a database, an authority; senders as many as wanted. */
async function testSystem(options: { answer?: Answer; answerWithinMs?: number } = {}) {
  const opened = new AsyncDisposableStack()
  const stores = opened.use(await testStores())
  const authority = testAuthority()
  const arrivals: Arrival[] = []
  const server = opened.use(
    await carrierServer({
      tls: false,
      answer: (request, connection) => {
        const to = new URLSearchParams(request.slice(request.indexOf('\r\n\r\n') + 4)).get('To') ?? ''
        arrivals.push({ to, at: performance.now() })
        return options.answer ? options.answer(request, connection) : accepted()
      },
    }),
  )
  const startSender = async (
    more: Partial<DispatcherDeps> = {},
    wrap: (carrier: Carrier) => Carrier = (one) => one,
  ) => {
    const sender = opened.use(new AsyncDisposableStack())
    const carrier = sender.use(
      twilioCarrier({
        baseUrl: server.url,
        accountSid: `AC${'0'.repeat(32)}`,
        authToken: 'secret',
        publicUrl: 'http://127.0.0.1:1',
        connectionsMax: 100,
        answerWithinMs: options.answerWithinMs ?? 5_000,
      }),
    )
    const { gate, asker } = authority.sender()
    sender.use(asker)
    const time = serverClock(systemClock)
    await readServerTime(stores.db, time)
    const log = testLog()
    const dispatcher = sender.use(
      startDispatcher({
        ...stores,
        pacers: numberPacers(stores.db),
        gate,
        asker,
        carrier: wrap(carrier),
        clock: systemClock,
        serverClock: time,
        random: Math.random,
        log,
        metrics: createMetrics({ withProcess: false }),
        ...more,
      }),
    )
    return { dispatcher, gate, log, stop: () => sender.disposeAsync() }
  }
  return {
    ...stores,
    stores,
    authority,
    arrivals,
    server,
    startSender,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

const rowsOf = (stores: TestStores, lane: LaneId) => stores.texts.page(lane, null, 10_000)
const isOver = async (stores: TestStores, lane: LaneId) => !(await stores.texts.hasWaiting(lane))
const twice = (arrivals: readonly Arrival[]) => arrivals.length - new Set(arrivals.map(({ to }) => to)).size

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
    expect((writtenAt?.getTime() ?? 0) - (gatedAt?.getTime() ?? 0)).toBeLessThan(50)
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

test('segments are paced exactly over all copies, without bursts', async () => {
  await using system = await testSystem()
  const lane = await system.newLane({ ratePerSecond: 200 })
  await system.addTexts(lane, 150, { segments: 2 })
  await Promise.all([system.startSender(), system.startSender()])
  await waitFor(() => isOver(system.stores, lane), { timeoutMs: 10_000 })
  const times = system.arrivals.map(({ at }) => at).sort((one, other) => one - other)
  expect(times).toHaveLength(150)
  expectPaced(times, 100)
})

test('a sending number is paced over all its lanes', async () => {
  await using system = await testSystem()
  const a = newAccountId()
  const lanes = [await system.newLane({ a }), await system.newLane({ a, ratePerSecond: 300 })]
  for (const lane of lanes) await system.addTexts(lane, 60)
  const limited = { numberLimit: async () => 80 }
  await Promise.all([system.startSender(limited), system.startSender(limited)])
  for (const lane of lanes) await waitFor(() => isOver(system.stores, lane), { timeoutMs: 10_000 })
  const times = system.arrivals.map(({ at }) => at).sort((one, other) => one - other)
  expect(times).toHaveLength(120)
  expectPaced(times, 80)
})

/**
 * Nine of ten texts are within 60 ms of an even pace, and the whole is neither faster nor much slower. Stalls of
 * the machine that runs the tests may delay some, so there is no bound on each.
 */
function expectPaced(times: readonly number[], perSecond: number): void {
  const everyMs = 1_000 / perSecond
  const ahead = times
    .map((at, index) => at - (times[0] ?? 0) - index * everyMs)
    .sort((one, other) => one - other)
  const [early = 0, late = 0] = [
    ahead[Math.floor(ahead.length * 0.05)],
    ahead[Math.floor(ahead.length * 0.95)],
  ]
  expect(late - early).toBeLessThan(60)
  const tookMs = (times.at(-1) ?? 0) - (times[0] ?? 0)
  expect(tookMs).toBeGreaterThan((times.length - 1) * everyMs - 100)
  expect(tookMs).toBeLessThan((times.length - 1) * everyMs * 1.15 + 200)
}

test("one account's long broadcast does not hold up another's text", async () => {
  await using system = await testSystem()
  const [long, short] = [await system.newLane(), await system.newLane()]
  await system.addTexts(long, 2_000)
  await system.startSender({ limits: { inFlightMax: 10 } })
  await waitFor(() => system.arrivals.length > 50)
  const [text] = await system.addTexts(short, 1)
  const before = system.arrivals.length
  await waitFor(() => system.arrivals.some(({ to }) => to === text?.number), { timeoutMs: 3_000 })
  expect(system.arrivals.length).toBeLessThan(before + 1_000)
  await waitFor(() => isOver(system.stores, short))
})

test('closing a lane stops it, and opening it goes on', async () => {
  await using system = await testSystem()
  const lane = await system.newLane({ ratePerSecond: 100 })
  await system.addTexts(lane, 80)
  const { dispatcher } = await system.startSender()
  await waitFor(() => system.arrivals.length >= 10)
  const open = (isOpen: boolean) =>
    system.collection.updateOne({ _id: lane.lane }, { $set: { 'lane.open': isOpen } })
  await open(false)
  await waitFor(async () =>
    (await rowsOf(system.stores, lane)).every(({ state }) => state === 'ready' || state === 'sent'),
  )
  const arrived = system.arrivals.length
  expect(arrived).toBeLessThan(60)
  await sleep(300)
  expect(system.arrivals.length).toBe(arrived)
  await open(true)
  dispatcher.wake()
  await waitFor(() => isOver(system.stores, lane))
  expect([system.arrivals.length, twice(system.arrivals)]).toEqual([80, 0])
})

test('a carrier that does not answer leaves a text unknown, and it is not sent again', async () => {
  const silent = new Set<string>()
  await using system = await testSystem({
    answerWithinMs: 150,
    answer: (request) => (silent.size < 3 && silent.add(request) ? null : accepted()),
  })
  const lane = await system.newLane()
  await system.addTexts(lane, 20)
  await system.startSender()
  await waitFor(() => isOver(system.stores, lane))
  expect(await system.texts.counts(lane)).toMatchObject({ sent: 17, unknown: 3 })
  expect([system.arrivals.length, twice(system.arrivals)]).toEqual([20, 0])
  const row = (await rowsOf(system.stores, lane)).find(({ state }) => state === 'unknown')
  expect(row?.reasons).toMatchObject([{ reason: 'no-answer' }])
  expect([row?.gatedAt, row?.writtenAt, row?.attemptId]).not.toContain(null)
})

test.each([
  ['a server error', httpAnswer(500, '{"code":20500}'), 'unclear-answer'],
  ['a success that cannot be read', httpAnswer(201, 'ok'), 'unclear-answer'],
])('%s leaves a text unknown', async (_name, answer, reason) => {
  await using system = await testSystem({ answer: () => answer })
  const lane = await system.newLane()
  await system.addTexts(lane, 3)
  await system.startSender()
  await waitFor(() => isOver(system.stores, lane))
  expect(
    (await rowsOf(system.stores, lane)).map(({ state, reasons }) => [state, reasons[0]?.reason]),
  ).toEqual(Array(3).fill(['unknown', reason]))
  expect(system.arrivals).toHaveLength(3)
})

test('a carrier that is too fast is tried again later, and the attempt counts', async () => {
  let refusals = 0
  await using system = await testSystem({
    answer: () => (refusals++ < 2 ? httpAnswer(429, '{"code":20429}') : accepted()),
  })
  const lane = await system.newLane({ ratePerSecond: 50 })
  await system.addTexts(lane, 4)
  const retry = { attemptsMax: 5, firstMs: 50, maxMs: 100 }
  await system.startSender({ limits: { retry } })
  await waitFor(() => isOver(system.stores, lane), { timeoutMs: 8_000 })
  const rows = await rowsOf(system.stores, lane)
  expect(rows.map(({ state }) => state)).toEqual(Array(4).fill('sent'))
  expect(rows.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(2)
  expect(system.arrivals).toHaveLength(6)
})

test('a text whose number the carrier cannot use fails at once', async () => {
  await using system = await testSystem({ answer: () => httpAnswer(400, '{"code":21211}') })
  const lane = await system.newLane()
  await system.addTexts(lane, 1)
  await system.startSender()
  await waitFor(() => isOver(system.stores, lane))
  expect((await rowsOf(system.stores, lane))[0]).toMatchObject({
    state: 'failed',
    attempts: 1,
    reasons: [{ reason: 'carrier-error-21211' }],
    error: { code: 21211, httpStatus: 400 },
  })
})

test('a refusal by the carrier suppresses the text and is there to be told', async () => {
  await using system = await testSystem({ answer: () => httpAnswer(400, '{"code":21610}') })
  const lane = await system.newLane()
  const [text] = await system.addTexts(lane, 1)
  let told = 0
  await system.startSender({ onRefusal: () => void told++ })
  await waitFor(() => isOver(system.stores, lane))
  expect((await rowsOf(system.stores, lane))[0]).toMatchObject({
    state: 'suppressed',
    reasons: [{ reason: 'carrier-refusal', list: 'carrier' }],
  })
  expect((await system.texts.refusalsDue(10)).map(({ number }) => number)).toEqual([text?.number])
  expect(told).toBe(1)
})

test('a carrier that cannot be reached costs few attempts, and the texts go when it is back', async () => {
  await using system = await testSystem()
  const lane = await system.newLane()
  await system.addTexts(lane, 50)
  let isDown = true
  const reachable = (carrier: Carrier): Carrier => ({
    ...carrier,
    handOver: async (text, atGate) =>
      isDown ? { outcome: 'unreachable', cause: new Error('refused') } : carrier.handOver(text, atGate),
  })
  await system.startSender({ limits: { retry: { attemptsMax: 10, firstMs: 50, maxMs: 100 } } }, reachable)
  await sleep(1_000)
  const spent = (await rowsOf(system.stores, lane)).reduce((sum, { attempts }) => sum + attempts, 0)
  expect(spent).toBeLessThan(120)
  isDown = false
  await waitFor(() => isOver(system.stores, lane), { timeoutMs: 10_000 })
  expect(await system.texts.counts(lane)).toMatchObject({ sent: 50 })
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

test('a text scheduled for later goes then', async () => {
  await using system = await testSystem()
  const lane = await system.newLane()
  await system.startSender()
  const dueAt = new Date(Date.now() + 700)
  const text = system.newText(lane.lane, { dueAt, number: newPhoneNumber() })
  await system.texts.insert(lane.a, [text], new Date())
  await system.lanes.schedule(lane, dueAt)
  await waitFor(() => system.arrivals.length === 1)
  const row = await waitFor(async () =>
    (await rowsOf(system.stores, lane)).find(({ state }) => state === 'sent'),
  )
  expect(row.gatedAt?.getTime()).toBeGreaterThanOrEqual(dueAt.getTime())
})
