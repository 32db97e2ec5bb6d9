import { setTimeout as sleep } from 'node:timers/promises'
import { checkNothingOpen, waitFor } from '@heed/testkit'
import { expect, test } from 'vitest'
import type { Carrier } from '../src/index.ts'
import { accepted, httpAnswer } from './carrier-server.ts'
import { isOver, rowsOf, testSystem, twice } from './dispatch-system.ts'

checkNothingOpen()

test('a carrier that does not answer leaves a text unknown, and it is not sent again', async () => {
  const silent = new Set<string>()
  await using system = await testSystem({
    answerWithinMs: 1_000,
    answer: (request) => (silent.size < 3 && silent.add(request) ? null : accepted()),
  })
  const lane = await system.newLane()
  await system.addTexts(lane, 20)
  await system.startSender()
  await waitFor(() => isOver(system.stores, lane))
  const unknown = (await rowsOf(system.stores, lane)).filter(({ state }) => state === 'unknown')
  expect(unknown).toHaveLength(3)
  for (const { number, reasons, gatedAt, writtenAt, attemptId } of unknown) {
    expect([...silent].some((request) => request.includes(encodeURIComponent(number)))).toBe(true)
    expect(reasons).toMatchObject([{ reason: 'no-answer' }])
    expect([gatedAt, writtenAt, attemptId]).not.toContain(null)
  }
  expect([system.arrivals.length, twice(system.arrivals)]).toEqual([20, 0])
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
