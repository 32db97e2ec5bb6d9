import { AccountId, PhoneNumber } from '@heed/phone'
import { expect, test } from 'vitest'
import { handScheduler } from '../tests/hand-scheduler.ts'
import { a, b, clear, one, say, testGate, two, verdicts } from '../tests/support.ts'
import { createAsker } from './asker.ts'
import { checkCallsMax, checkNumbersMax, deadlineMs, leaseMs, marginMs } from './protocol.ts'
import { CheckInput } from './verdict.ts'

interface Heard {
  readonly input: CheckInput
  readonly signal: AbortSignal
  answer(answers?: unknown): void
  fail(cause: unknown): void
}

/** An asker whose calls wait until the test answers them. */
function testAsker() {
  const { gate, clock } = testGate()
  const time = handScheduler(clock)
  const calls: Heard[] = []
  const failed: unknown[] = []
  const check = (input: CheckInput, signal: AbortSignal) => {
    CheckInput.parse(input)
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const all = () => input.asks.map(({ numbers }) => verdicts({ count: numbers.length }))
    calls.push({ input, signal, answer: (answers = all()) => resolve(answers), fail: reject })
    return promise
  }
  const onCallFailed = (cause: unknown) => failed.push(cause)
  const asker = createAsker({ gate, check, scheduler: time.scheduler, random: () => 0.999, onCallFailed })
  const call = (index: number): Heard => {
    const heard = calls[index]
    if (heard === undefined) throw new Error(`call ${index} was not made`)
    return heard
  }
  const close = () => asker[Symbol.asyncDispose]()
  return { gate, clock, asker, calls, call, failed, ...time, close, [Symbol.asyncDispose]: close }
}

const many = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => PhoneNumber.parse(`+1555${1_000_000 + from + index}`))

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
  await given.settle()
  expect(given.calls).toHaveLength(1)
  given.call(0).answer()
  expect([await first, await second].map(({ unknown }) => unknown)).toEqual([[], []])
})

test('a number whose question an event has overtaken is asked for again', async () => {
  await using given = testAsker()
  void given.asker.prepare(a, [one])
  await given.advance(10)
  given.gate.onEvent({ account: a, number: one, source: 'SM1' })
  await given.advance(1)
  const prepared = given.asker.prepare(a, [one])
  await given.settle()
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
    await given.settle()
  }
  expect(await prepared).toEqual({ unknown: [], reason: null })
  expect(given.calls.map(({ input }) => input.asks[0]?.numbers.length)).toEqual([1e4, 1e4, 1e4, 1e4, 1e4, 1])
})

test('at most 200 accounts go in a call', async () => {
  await using given = testAsker()
  const accounts = Array.from({ length: 450 }, (_, index) => AccountId.parse(`acc-${index}`))
  for (const accountId of accounts) void given.asker.prepare(accountId, [one])
  await given.settle()
  expect(given.calls.map(({ input }) => input.asks.length)).toEqual([200, 200, 50])
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

test.each([
  ['rejects', (given: Given) => given.call(0).fail(new Error('refused'))],
  ['answers something that is no list', (given: Given) => given.call(0).answer({ error: 'no' })],
  ['says nothing until the deadline', (given: Given) => given.advance(deadlineMs)],
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

type Given = ReturnType<typeof testAsker>

async function settled<Value>(given: Given, promise: Promise<Value>): Promise<Value> {
  await given.settle()
  return promise
}
