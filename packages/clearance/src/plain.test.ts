import fc from 'fast-check'
import { expect, test } from 'vitest'
import { optedOut, verdicts } from '../tests/support.ts'
import { isPlainAnswer, isPlainInput, isPlainOutput } from './plain.ts'
import { CheckAnswer, CheckInput, CheckOutput } from './verdict.ts'

const numbers = ['+15550001111', '+4915112345678']

test('the usual question and the usual answer are told at a glance', () => {
  expect(isPlainInput({ asks: [{ accountId: 'a', numbers }] })).toBe(true)
  expect(isPlainInput({ asks: [{ accountId: 'a', numbers, origin: 'broadcast' }] })).toBe(true)
  expect(isPlainOutput([verdicts(), verdicts()])).toBe(true)
})

test('an answer with a block is left to its schema', () => {
  expect(isPlainAnswer(verdicts({ reasons: [optedOut] }))).toBe(false)
})

/** Any value that stands in the place of a right one: near misses, and things that are something else. */
const strange = fc.oneof(
  fc.constantFrom<unknown>(
    ...[
      '',
      '+',
      '+1',
      '+0123456789',
      '+1234567',
      '+1234567890123456',
      '15550001111',
      '+1555000111a',
      '+٣٣٣٣٣٣٣٣',
    ],
    ...['_', 'a/b', 'a.b', 'reply', 'confirmation', '0123456789abcdef', '0123456789ABCDEF'],
    ...[0, -1, 1, 1.5, 2 ** 53, Number.NaN, true, null, undefined],
  ),
  fc.constantFrom<unknown>([], {}, [[]], { v: 1 }, { v: 2 }, [optedOut], numbers, [...numbers, 'x']),
  fc.anything(),
)
const near = (right: unknown) => fc.oneof({ weight: 6, arbitrary: fc.constant(right) }, strange)
const object = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.record(fields, { requiredKeys: Object.keys(fields).slice(0, 2) }) },
    { weight: 4, arbitrary: fc.record(fields) },
    fc.record({ ...fields, more: fc.anything() }),
    strange,
  )
const list = (each: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 6, arbitrary: fc.array(each, { maxLength: 4 }) }, strange)

const question = object({
  asks: list(
    object({ accountId: near('acc'), numbers: list(near('+15550001111')), origin: near('broadcast') }),
  ),
})
const verdict = object({ allowed: near(true), reasons: near([]) })
const answer = object({
  epoch: near('0123456789abcdef'),
  rev: near(3),
  leaseMs: near(500),
  policy: near({ v: 1 }),
  verdicts: list(verdict),
})

test('what is taken at a glance, its schema takes unchanged', () => {
  const cases = [
    [question, isPlainInput, CheckInput],
    [answer, isPlainAnswer, CheckAnswer],
    [list(answer), isPlainOutput, CheckOutput],
  ] as const
  for (const [arbitrary, isPlain, schema] of cases) {
    let taken = 0
    const rule = fc.property(arbitrary, (value) => {
      if (!isPlain(value)) return
      taken++
      expect(schema.parse(value)).toEqual(value)
    })
    fc.assert(rule, { numRuns: 3_000 })
    expect(taken).toBeGreaterThan(20)
  }
})

test('a question over its bounds is left to its schema', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `+1555${1_000_000 + index}`)
  const asks = (count: number, each: number) =>
    Array.from({ length: count }, (_, index) => ({ accountId: `acc-${index}`, numbers: many(each) }))
  expect(isPlainInput({ asks: asks(200, 50) })).toBe(true)
  for (const over of [asks(201, 1), asks(200, 51), asks(1, 10_001)])
    expect(isPlainInput({ asks: over })).toBe(false)
})
