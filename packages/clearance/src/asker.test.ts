import { AccountId } from '@heed/phone'
import { expect, test } from 'vitest'
import { a, b, clear, one, say, two, verdicts } from '../tests/support.ts'
import { many, type TestAsker, testAsker } from '../tests/test-asker.ts'
import {
  checkAccountsMax,
  checkCallsMax,
  checkNumbersMax,
  gatherMs,
  gatherNumbers,
  leaseMs,
  marginMs,
} from './protocol.ts'

test('what is prepared passes, and what is prepared in one tick goes in one call', async () => {
  await using given = testAsker()
  const prepared = [
    given.asker.prepare(a, [one, two]),
    given.asker.prepare(b, [one]),
    given.asker.prepare(a, [two]),
  ]
  await given.settle()
  expect(given.calls.map(({ input }) => input.asks)).toEqual([
    [
      { accountId: a, numbers: [one, two] },
      { accountId: b, numbers: [one] },
    ],
  ])
  given.call(0).answer()
  for (const each of await Promise.all(prepared)) expect(each).toEqual({ unknown: [], reason: null })
  expect([say(given.gate), say(given.gate, a, two), say(given.gate, b)]).toEqual([
    'passed',
    'passed',
    'passed',
  ])
})

test('E2: the lease counts from before the call was made', async () => {
  await using given = testAsker()
  void given.asker.prepare(a, [one])
  await given.advance(400)
  given.call(0).answer()
  await given.settle()
  given.clock.advance(leaseMs - marginMs - 401)
  expect(say(given.gate)).toBe('passed')
  given.clock.advance(1)
  expect(say(given.gate)).toBe('expired')
})

test('a number whose verdict lasts another half lease is not asked for again', async () => {
  await using given = testAsker()
  clear(given.gate)
  await given.advance(leaseMs - marginMs - leaseMs / 2 - 1)
  expect(await settled(given, given.asker.prepare(a, [one]))).toEqual({ unknown: [], reason: null })
  expect(given.calls).toHaveLength(0)
  await given.advance(1)
  void given.asker.prepare(a, [one])
  await given.settle()
  expect(given.calls).toHaveLength(1)
})

test('a number being asked for is not asked for twice, and both wait for its answer', async () => {
  await using given = testAsker()
  const first = given.asker.prepare(a, [one])
  await given.advance(10)
  const second = given.asker.prepare(a, [one])
  await given.advance(gatherMs)
  expect(given.calls).toHaveLength(1)
  given.call(0).answer()
  expect([await first, await second].map(({ unknown }) => unknown)).toEqual([[], []])
})

test('a number whose question would come too old is asked for again', async () => {
  await using given = testAsker()
  void given.asker.prepare(a, [one])
  await given.advance(leaseMs - marginMs - leaseMs / 2)
  void given.asker.prepare(a, [one])
  await given.settle()
  expect(given.calls).toHaveLength(2)
})

test('a number whose question an event has overtaken is asked for again', async () => {
  await using given = testAsker()
  void given.asker.prepare(a, [one])
  await given.advance(10)
  given.gate.onEvent({ account: a, number: one, source: 'SM1' })
  await given.advance(1)
  const prepared = given.asker.prepare(a, [one])
  await given.advance(gatherMs)
  expect(given.calls).toHaveLength(2)
  given.call(0).answer()
  given.call(1).answer()
  expect(await prepared).toEqual({ unknown: [], reason: null })
  expect(say(given.gate)).toBe('passed')
})

test('a verdict that an event takes away under way is told as unknown', async () => {
  await using given = testAsker()
  const prepared = given.asker.prepare(a, [one, two])
  await given.advance(10)
  given.gate.onEvent({ account: a, number: one, source: 'SM1' })
  given.call(0).answer()
  expect(await prepared).toEqual({ unknown: [one], reason: null })
})

test('at most 10,000 numbers go in a call, and at most 4 calls are under way', async () => {
  await using given = testAsker()
  const prepared = given.asker.prepare(a, many(5 * checkNumbersMax + 1))
  await given.settle()
  expect(given.calls).toHaveLength(checkCallsMax)
  for (let index = 0; index < 6; index++) {
    given.call(index).answer()
    await given.advance(gatherMs)
  }
  expect(await prepared).toEqual({ unknown: [], reason: null })
  expect(given.calls.map(({ input }) => input.asks[0]?.numbers.length)).toEqual([1e4, 1e4, 1e4, 1e4, 1e4, 1])
})

test('what comes soon after a call goes together in the next one', async () => {
  await using given = testAsker()
  const accounts = Array.from({ length: gatherNumbers }, (_, index) => AccountId.parse(`acc-${index}`))
  const [first, ...others] = accounts
  void given.asker.prepare(first ?? a, [one])
  await given.settle()
  for (const accountId of others) {
    void given.asker.prepare(accountId, [one])
    await given.settle()
  }
  expect(given.calls.map(({ input }) => input.asks.length)).toEqual([1])
  await given.advance(gatherMs)
  expect(given.calls.map(({ input }) => input.asks.length)).toEqual([1, gatherNumbers - 1])
})

test('a call is made at once where many numbers wait, or none was made just before', async () => {
  await using given = testAsker()
  void given.asker.prepare(a, [one])
  await given.settle()
  void given.asker.prepare(a, many(gatherNumbers))
  await given.settle()
  expect(given.calls).toHaveLength(2)
  await given.advance(gatherMs)
  void given.asker.prepare(b, [one])
  await given.settle()
  expect(given.calls).toHaveLength(3)
})

test('at most 200 accounts go in a call', async () => {
  await using given = testAsker()
  const length = 2 * checkAccountsMax + gatherNumbers
  const accounts = Array.from({ length }, (_, index) => AccountId.parse(`acc-${index}`))
  for (const accountId of accounts) void given.asker.prepare(accountId, [one])
  await given.settle()
  expect(given.calls.map(({ input }) => input.asks.length)).toEqual([200, 200, gatherNumbers])
})

test('E9: an account with a million numbers does not hold up one with one', async () => {
  await using given = testAsker()
  void given.asker.prepare(a, many(1_000_000))
  void given.asker.prepare(b, [one])
  await given.settle()
  given.call(0).answer()
  await given.settle()
  expect(say(given.gate, b)).toBe('passed')
})

test('E9: an account that is refused does not fail another, and each is told its own reason', async () => {
  await using given = testAsker()
  const prepared = [a, b, AccountId.parse('c')].map((accountId) => given.asker.prepare(accountId, [one]))
  await given.settle()
  given.call(0).answer([{ error: { reason: 'forbidden' } }, verdicts(), { nonsense: true }])
  expect(await Promise.all(prepared)).toEqual([
    { unknown: [one], reason: 'forbidden' },
    { unknown: [], reason: null },
    { unknown: [one], reason: 'malformed' },
  ])
})

async function settled<Value>(given: TestAsker, promise: Promise<Value>): Promise<Value> {
  await given.settle()
  return promise
}
