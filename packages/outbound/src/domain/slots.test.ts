import { expect, test } from 'vitest'
import { reservable, slotOffsets } from './slots.ts'

test('at most 100 ms worth of segments are reserved at once, but always one text', () => {
  expect(reservable([1, 1, 1, 1, 1], 20)).toBe(2)
  expect(reservable([1, 2, 1], 30)).toBe(2)
  expect(reservable([7, 1], 10)).toBe(1)
  expect(reservable([3], 0.1)).toBe(1)
  expect(reservable([], 10)).toBe(0)
})

test('without a rate everything goes at once', () => {
  expect(reservable([1, 9, 9], null)).toBe(3)
  expect(slotOffsets([1, 9], null)).toEqual([0, 0])
})

test('a slot is as long as its segments', () => {
  expect(slotOffsets([1, 3, 2, 1], 10)).toEqual([0, 100, 400, 600])
})
