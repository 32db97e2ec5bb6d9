import { newPhoneNumber } from '@heed/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { numberPacers } from '../src/index.ts'
import type { Slots } from '../src/store/lane-store.ts'
import { type TestStores, testStores } from './stores.ts'

let stores: TestStores
beforeAll(async () => {
  stores = await testStores()
})
afterAll(() => stores[Symbol.asyncDispose]())

const granted = (slots: Slots) => {
  if (slots === 'closed' || !slots.granted) throw new Error(`not granted: ${JSON.stringify(slots)}`)
  return slots
}
const isDue = async (lane: { lane: string }) =>
  (await stores.lanes.due(new Date(), 1_000)).some((due) => due.lane === lane.lane)

test('slots follow each other without a gap or an overlap, whoever asks', async () => {
  const lane = await stores.newLane()
  const slots = await Promise.all([1, 2, 3, 4].map((cost) => stores.lanes.reserve(lane, cost, 400)))
  const starts = slots.map(granted).map(({ startsAt }, index) => ({ startsAt, cost: index + 1 }))
  starts.sort((one, other) => one.startsAt - other.startsAt)
  for (const [index, { startsAt, cost }] of starts.slice(0, -1).entries())
    expect((starts[index + 1]?.startsAt ?? 0) - startsAt).toBeGreaterThanOrEqual(cost * 2.5 - 0.001)
})

test('slots of a fraction of a millisecond add up', async () => {
  const lane = await stores.newLane()
  const first = granted(await stores.lanes.reserve(lane, 1, 3_000))
  const second = granted(await stores.lanes.reserve(lane, 3, 3_000))
  if (second.startsAt < first.now + 1) expect(second.startsAt - first.startsAt).toBeCloseTo(1 / 3, 2)
})

test('nobody reserves more than 50 ms ahead, and is told how long to wait', async () => {
  const lane = await stores.newLane()
  granted(await stores.lanes.reserve(lane, 2, 10))
  const refused = await stores.lanes.reserve(lane, 2, 10)
  if (refused === 'closed' || refused.granted) throw new Error('granted too early')
  expect(refused.retryInMs).toBeGreaterThan(100)
  expect(refused.retryInMs).toBeLessThanOrEqual(180)
})

test('time that nobody used makes no burst', async () => {
  const lane = await stores.newLane()
  const first = granted(await stores.lanes.reserve(lane, 1, 1_000))
  await expect
    .poll(async () => granted(await stores.lanes.reserve(lane, 1, 1_000)).now)
    .toBeGreaterThan(first.now + 5)
  const later = granted(await stores.lanes.reserve(lane, 1, 1_000))
  expect(later.startsAt).toBeGreaterThanOrEqual(later.now)
})

test('a closed lane has no slots', async () => {
  const lane = await stores.newLane({ open: false })
  expect(await stores.lanes.reserve(lane, 1, null)).toBe('closed')
})

test('without a rate slots begin at once', async () => {
  const lane = await stores.newLane()
  const first = granted(await stores.lanes.reserve(lane, 10_000, null))
  const second = granted(await stores.lanes.reserve(lane, 10_000, null))
  expect([first.startsAt - first.now, second.startsAt - second.now]).toEqual([0, 0])
})

test('a lane that was too fast rests', async () => {
  const lane = await stores.newLane()
  await stores.lanes.slowDown(lane, 2_000)
  const slots = await stores.lanes.reserve(lane, 1, null)
  if (slots === 'closed' || slots.granted) throw new Error('it does not rest')
  expect(slots.retryInMs).toBeGreaterThan(1_500)
})

test('a lane is due when it was scheduled, and rests when a worker found nothing', async () => {
  const lane = await stores.newLane()
  expect(await isDue(lane)).toBe(false)
  await stores.lanes.schedule(lane, new Date())
  expect(await isDue(lane)).toBe(true)
  const { wakes } = (await stores.lanes.get(lane))?.lane ?? { wakes: -1 }
  await stores.lanes.rest(lane, wakes, new Date(Date.now() + 60_000))
  expect(await isDue(lane)).toBe(false)
  await stores.lanes.schedule(lane, new Date(0))
  expect(await isDue(lane)).toBe(true)
})

test('a worker that found nothing does not hide what came meanwhile', async () => {
  const lane = await stores.newLane()
  await stores.lanes.schedule(lane, new Date(0))
  const { wakes } = (await stores.lanes.get(lane))?.lane ?? { wakes: -1 }
  await stores.lanes.schedule(lane, new Date(0))
  await stores.lanes.rest(lane, wakes, null)
  expect(await isDue(lane)).toBe(true)
})

test('a number with a limit has one clock for all lanes', async () => {
  const pacers = numberPacers(stores.db)
  const { a } = await stores.newLane()
  const from = newPhoneNumber()
  const slots = await Promise.all([1, 1, 1].map((cost) => pacers.reserve(a, from, cost, 100)))
  const starts = slots.map((one) => granted(one).startsAt).sort((one, other) => one - other)
  expect((starts[1] ?? 0) - (starts[0] ?? 0)).toBeGreaterThanOrEqual(9.999)
  expect((starts[2] ?? 0) - (starts[1] ?? 0)).toBeGreaterThanOrEqual(9.999)
})
