import { expect, test } from 'vitest'
import type { Row } from '../bench/figure.ts'
import { isMet, ratioOf, targetText } from '../bench/judge.ts'

const time: Row = { what: 'a call', value: 6, unit: 'ms', limit: { what: 'bare', value: 2 } }
const rate: Row = { what: 'calls', value: 500, unit: '/s', limit: { what: 'bare', value: 1_000 } }

test('a ratio above 1 is worse than the limit, of a time as of a rate', () => {
  expect([ratioOf(time), ratioOf(rate)]).toEqual([3, 2])
  expect(ratioOf({ what: 'alone', value: 1, unit: 'ms' })).toBeNull()
})

test('a target is met at its bound and missed beyond it', () => {
  expect(isMet({ ...time, target: { times: 3 } })).toBe(true)
  expect(isMet({ ...time, target: { times: 2.9 } })).toBe(false)
  expect(isMet({ ...rate, target: { atLeast: 500 } })).toBe(true)
  expect(isMet({ ...rate, target: { atLeast: 501 } })).toBe(false)
  expect(isMet({ ...time, target: { atMost: 5.9 } })).toBe(false)
  expect(isMet(time)).toBeNull()
})

test('what could not be measured meets no target', () => {
  for (const target of [{ times: 3 }, { atMost: 5 }, { atLeast: 0 }])
    expect(isMet({ ...time, value: Number.NaN, target })).toBe(false)
  expect(isMet({ what: 'no limit', value: 1, unit: 'ms', target: { times: 3 } })).toBe(false)
})

test('a target is told in the unit of its figure', () => {
  expect(targetText({ ...rate, target: { atLeast: 2_000 } })).toBe('>= 2,000 /s')
  expect(targetText({ ...time, target: { times: 3 } })).toBe('<= 3x')
})
