import { expect, test } from 'vitest'
import { serverClock } from './server-clock.ts'

test('a slot is never put into the past by a clock that runs 10 % fast (E12)', () => {
  let trueMs = 0
  const clock = serverClock({ now: () => trueMs * 1.1, monoMs: () => trueMs * 1.1 })
  for (; trueMs < 60_000; trueMs += 500) {
    clock.observe(trueMs)
    expect(clock.monoAt(trueMs + 50)).toBeGreaterThanOrEqual(trueMs * 1.1)
  }
})

test('the server’s time is not told later than it is, nor much earlier than it was last read', () => {
  let trueMs = 0
  const clock = serverClock({ now: () => trueMs * 1.1, monoMs: () => trueMs * 1.1 })
  clock.observe(0)
  for (; trueMs < 2_000; trueMs += 100) expect(clock.now().getTime()).toBeLessThanOrEqual(trueMs)
  expect(clock.now().getTime()).toBeGreaterThanOrEqual(trueMs * 0.95)
})
