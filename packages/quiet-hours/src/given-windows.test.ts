import { expect, test } from 'vitest'
import { GivenWindows, windowsOf } from './given-windows.ts'

const given = (window: object, zone = 'Europe/Oslo') =>
  GivenWindows.safeParse({ zone, windows: [window] }).success

test('windows are given by times of day and judged by minutes from midnight', () => {
  const windows = [
    { days: [1 as const], from: '09:00', to: '24:00' },
    { from: '00:00', to: '08:30' },
  ]
  expect(windowsOf(GivenWindows.parse({ zone: 'UTC', windows }))).toEqual({
    zone: 'UTC',
    windows: [
      { days: [1], from: 540, to: 1440 },
      { days: [1, 2, 3, 4, 5, 6, 7], from: 0, to: 510 },
    ],
  })
})

test('a window that ends before it begins, a time or zone that is none, and no window at all are refused', () => {
  expect(given({ from: '09:00', to: '20:00' })).toBe(true)
  expect(given({ from: '20:00', to: '09:00' })).toBe(false)
  expect(given({ from: '09:00', to: '09:00' })).toBe(false)
  expect(given({ from: '9:00', to: '20:00' })).toBe(false)
  expect(given({ from: '24:00', to: '24:00' })).toBe(false)
  expect(given({ from: '09:00', to: '20:00' }, 'Europe/Nowhere')).toBe(false)
  expect(GivenWindows.safeParse({ zone: 'UTC', windows: [] }).success).toBe(false)
})
