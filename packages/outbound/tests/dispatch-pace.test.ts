import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '@heed/service'
import { checkNothingOpen, newAccountId, newPhoneNumber, waitFor } from '@heed/testkit'
import { expect, test } from 'vitest'
import { slotMissedMs } from '../src/domain/slots.ts'
import { numberPacers } from '../src/index.ts'
import type { Slots } from '../src/store/lane-store.ts'
import { isOver, rowsOf, testSystem, twice } from './dispatch-system.ts'

checkNothingOpen()

/** By how much the sender's picture of the server's clock may differ from the test's own. */
const clockSlackMs = 50

test('segments are paced exactly over all copies, without bursts', async () => {
  await using system = await testSystem()
  const lane = await system.newLane({ ratePerSecond: 200 })
  await system.addTexts(lane, 150, { segments: 2 })
  const slots = slotBook(5)
  const lanes = { ...system.lanes, reserve: slots.watch(system.lanes.reserve, (_lane, segments) => segments) }
  await Promise.all([system.startSender({ lanes }), system.startSender({ lanes })])
  await waitFor(() => isOver(system.stores, lane), { timeoutMs: 15_000 })
  expect(slots.texts.length).toBeGreaterThanOrEqual(300)
  slots.expectNoOverlap()
  slots.expectNoneEarly(await rowsOf(system.stores, lane), 2)
})

test('a sending number is paced over all its lanes', async () => {
  await using system = await testSystem()
  const a = newAccountId()
  const ways = [await system.newLane({ a }), await system.newLane({ a, ratePerSecond: 300 })]
  for (const lane of ways) await system.addTexts(lane, 60)
  const slots = slotBook(12.5)
  const real = numberPacers(system.db)
  const limited = {
    numberLimit: async () => 80,
    pacers: { reserve: slots.watch(real.reserve, (_a, _from, segments) => segments) },
  }
  await Promise.all([system.startSender(limited), system.startSender(limited)])
  for (const lane of ways) await waitFor(() => isOver(system.stores, lane), { timeoutMs: 15_000 })
  expect(slots.texts.length).toBeGreaterThanOrEqual(120)
  slots.expectNoOverlap()
  slots.expectNoneEarly((await Promise.all(ways.map((lane) => rowsOf(system.stores, lane)))).flat(), 1)
})

/**
 * Every slot of one segment that was granted, on the server's clock. Times of arrival would tell of the machine
 * that runs the tests as well: what stalls, arrives together.
 */
function slotBook(segmentMs: number) {
  const texts: number[] = []
  return {
    texts,
    watch<Call extends unknown[]>(
      reserve: (...call: Call) => Promise<Slots>,
      cost: (...call: Call) => number,
    ) {
      return async (...call: Call) => {
        const slots = await reserve(...call)
        if (slots === 'closed' || !slots.granted) return slots
        for (let one = 0; one < cost(...call); one++) texts.push(slots.startsAt + one * segmentMs)
        return slots
      }
    },
    expectNoOverlap() {
      const inOrder = texts.toSorted((one, other) => one - other)
      for (const [index, at] of inOrder.entries())
        if (index > 0) expect(at - (inOrder[index - 1] ?? 0)).toBeGreaterThan(segmentMs - 0.01)
    },
    /** The nth text is not written before the nth slot begins; clocks are read in whole milliseconds. */
    expectNoneEarly(rows: readonly { gatedAt: Date | null }[], segments: number) {
      const inOrder = texts.toSorted((one, other) => one - other)
      const times = rows.map(({ gatedAt }) => gatedAt?.getTime() ?? 0).toSorted((one, other) => one - other)
      for (const [index, at] of times.entries())
        expect(at).toBeGreaterThanOrEqual((inOrder[index * segments] ?? 0) - 3)
    },
  }
}

test('what a stall has held up takes new slots and does not go out at once', async () => {
  await using system = await testSystem()
  const lane = await system.newLane({ ratePerSecond: 50 })
  await system.addTexts(lane, 40)
  const slots = slotBook(20)
  const lanes = { ...system.lanes, reserve: slots.watch(system.lanes.reserve, (_lane, segments) => segments) }
  await system.startSender({ lanes })
  await waitFor(() => system.arrivals.length >= 5)
  system.authority.isAway = true
  await sleep(1_200)
  const sentBefore = system.arrivals.length
  const usableFrom = Date.now() - slotMissedMs - clockSlackMs
  system.authority.isAway = false
  await waitFor(() => isOver(system.stores, lane), { timeoutMs: 15_000 })
  const usable = slots.texts.filter((at) => at >= usableFrom)
  expect(usable.length).toBeGreaterThanOrEqual(system.arrivals.length - sentBefore)
  slots.expectNoOverlap()
  expect(twice(system.arrivals)).toBe(0)
})

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

test('closing a lane binds within 0.55 s also where its texts wait for slots of their sending number', async () => {
  await using system = await testSystem()
  const lane = await system.newLane()
  await system.addTexts(lane, 60)
  await system.startSender({ numberLimit: async () => 20 })
  await waitFor(() => system.arrivals.length >= 5)
  await system.collection.updateOne({ _id: lane.lane }, { $set: { 'lane.open': false } })
  const closedAt = performance.now()
  await waitFor(
    async () =>
      (await rowsOf(system.stores, lane)).every(({ state }) => state === 'ready' || state === 'sent'),
    { timeoutMs: 10_000 },
  )
  expect(system.arrivals.filter(({ at }) => at > closedAt + 550)).toEqual([])
  expect(system.arrivals.length).toBeLessThan(40)
})

test('a lane that closes while a connection comes up is asked again in the instant of the first byte', async () => {
  await using system = await testSystem()
  const lane = await system.newLane()
  await system.addTexts(lane, 1)
  let passedMs = 0
  const clock = { ...systemClock, monoMs: () => systemClock.monoMs() + passedMs }
  await system.startSender({ clock }, (carrier) => ({
    ...carrier,
    handOver: async (text, atGate) => {
      await system.collection.updateOne({ _id: lane.lane }, { $set: { 'lane.open': false } })
      passedMs += 500
      return carrier.handOver(text, atGate)
    },
  }))
  await waitFor(() => passedMs > 0)
  await waitFor(async () => (await rowsOf(system.stores, lane)).every(({ state }) => state === 'ready'))
  expect(system.arrivals).toEqual([])
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
