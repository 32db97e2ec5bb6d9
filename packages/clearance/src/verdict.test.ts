import { expect, test } from 'vitest'
import { optedOut, verdicts } from '../tests/support.ts'
import { CheckAnswer, CheckInput, CheckOutput, Policy } from './verdict.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, index) => `+1555${1_000_000 + index}`)
const asks = (count: number, each: number) =>
  Array.from({ length: count }, (_, index) => ({ accountId: `acc-${index}`, numbers: numbers(each) }))

test('a call asks about 200 accounts and 10,000 numbers in all, and no more', () => {
  expect(CheckInput.safeParse({ asks: asks(200, 50) }).success).toBe(true)
  expect(CheckInput.safeParse({ asks: asks(1, 10_000) }).success).toBe(true)
  expect(CheckInput.safeParse({ asks: asks(201, 1) }).success).toBe(false)
  expect(CheckInput.safeParse({ asks: asks(200, 51) }).success).toBe(false)
  expect(CheckInput.safeParse({ asks: asks(1, 10_001) }).success).toBe(false)
})

test.each([
  ['no asks', { asks: [] }],
  ['an ask without numbers', { asks: [{ accountId: 'a', numbers: [] }] }],
  ['a number that is not E.164', { asks: [{ accountId: 'a', numbers: ['5550001111'] }] }],
  ['an account that means every account', { asks: [{ accountId: '_', numbers: numbers(1) }] }],
  ['an unknown origin', { asks: [{ accountId: 'a', numbers: numbers(1), origin: 'confirmation' }] }],
  ['an unknown key', { asks: [{ accountId: 'a', numbers: numbers(1), force: true }] }],
])('an input with %s is refused', (_, input) => {
  expect(CheckInput.safeParse(input).success).toBe(false)
})

test('an output is a list of verdicts and of errors, each in the place of its ask', () => {
  const output = [verdicts({ reasons: [optedOut] }), { error: { reason: 'unknown-account' } }, verdicts()]
  expect(CheckOutput.parse(output)).toEqual(output)
})

test.each([
  ['an unknown key', { ...verdicts(), forever: true }],
  ['a policy of a later version', { ...verdicts(), policy: { v: 2 } }],
  ['an epoch that is none', { ...verdicts(), epoch: 'latest' }],
  ['no lease', { ...verdicts(), leaseMs: 0 }],
  ['both verdicts and an error', { ...verdicts(), error: { reason: 'unavailable' } }],
])('an answer with %s is refused', (_, answer) => {
  expect(CheckAnswer.safeParse(answer).success).toBe(false)
})

test('a policy says nothing that version 1 does not know', () => {
  expect(Policy.safeParse({ v: 1, exempt: ['own'] }).success).toBe(false)
})
