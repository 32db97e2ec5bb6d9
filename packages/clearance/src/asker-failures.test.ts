import { expect, test } from 'vitest'
import { handScheduler } from '../tests/hand-scheduler.ts'
import { a, b, one, say, testGate } from '../tests/support.ts'
import { many, type TestAsker, testAsker } from '../tests/test-asker.ts'
import { createAsker } from './asker.ts'
import { checkCallsMax, checkNumbersMax, deadlineMs, leaseMs } from './protocol.ts'

test.each([
  ['rejects', (given: TestAsker) => given.call(0).fail(new Error('refused'))],
  ['answers something that is no list', (given: TestAsker) => given.call(0).answer({ error: 'no' })],
  ['says nothing until the deadline', (given: TestAsker) => given.advance(deadlineMs)],
])('E6: a call that %s leaves its numbers unknown, and poisons no later one', async (_, befall) => {
  await using given = testAsker()
  const prepared = given.asker.prepare(a, [one])
  await given.settle()
  await befall(given)
  expect(await prepared).toEqual({ unknown: [one], reason: 'unavailable' })
  expect(say(given.gate)).toBe('no-verdict')
  expect(given.failed).toHaveLength(1)
  const again = given.asker.prepare(a, [one])
  await given.advance(leaseMs / 2)
  given.call(1).answer()
  expect(await again).toEqual({ unknown: [], reason: null })
})

test('a call is aborted at its deadline, and its slot is free though the call ignores that', async () => {
  await using given = testAsker()
  void given.asker.prepare(a, many(checkCallsMax * checkNumbersMax))
  await given.settle()
  const waiting = given.asker.prepare(b, [one])
  await given.advance(deadlineMs + leaseMs / 2)
  expect(given.calls.slice(0, checkCallsMax).every(({ signal }) => signal.aborted)).toBe(true)
  given.call(checkCallsMax).answer()
  expect(await waiting).toEqual({ unknown: [], reason: null })
})

test('an answer that comes after the deadline is not used', async () => {
  await using given = testAsker()
  void given.asker.prepare(a, [one])
  await given.advance(deadlineMs)
  given.call(0).answer()
  await given.settle()
  expect(say(given.gate)).toBe('no-verdict')
})

test('E12: calls that fail are followed by a pause of at most half a lease, however many failed', async () => {
  await using given = testAsker()
  for (let round = 0; round < 12; round++) {
    void given.asker.prepare(a, [one])
    await given.advance(leaseMs / 2)
    expect(given.calls).toHaveLength(round + 1)
    given.call(round).fail(new Error('refused'))
    await given.settle()
  }
  void given.asker.prepare(a, [one])
  await given.settle()
  expect(given.calls).toHaveLength(12)
})

test('a check that throws before it promises is a call that failed', async () => {
  const { gate, clock } = testGate()
  const time = handScheduler(clock)
  const check = () => {
    throw new Error('no client')
  }
  await using asker = createAsker({ gate, check, scheduler: time.scheduler, random: () => 0 })
  const prepared = asker.prepare(a, [one])
  await time.settle()
  expect(await prepared).toEqual({ unknown: [one], reason: 'unavailable' })
})

test('D2: closing fails what waits, aborts what is under way, and leaves no timer', async () => {
  const given = testAsker()
  const underWay = given.asker.prepare(a, many(checkCallsMax * checkNumbersMax))
  await given.settle()
  const waiting = given.asker.prepare(b, [one])
  await given.close()
  expect(await waiting).toEqual({ unknown: [one], reason: 'unavailable' })
  expect((await underWay).reason).toBe('unavailable')
  expect(given.calls.every(({ signal }) => signal.aborted)).toBe(true)
  expect(given.timers()).toBe(0)
  expect(await given.asker.prepare(a, [one])).toEqual({ unknown: [one], reason: 'unavailable' })
})

test('once asking ends, nothing is held for any account, and no timer is left', async () => {
  await using given = testAsker()
  void given.asker.prepare(a, [one])
  await given.settle()
  given.call(0).answer()
  await given.advance(120_000)
  expect(given.gate.size()).toEqual({ accounts: 0, verdicts: 0, hints: 0, questions: 0 })
  expect(given.timers()).toBe(0)
})
