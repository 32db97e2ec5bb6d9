import type { Clock } from '@heed/service'

export interface TestClock extends Clock {
  /** Moves both clocks on. */
  advance(ms: number): void
  /** Moves the wall clock alone, as a clock that is set or a machine that slept does. */
  setWall(now: number): void
}

/** A clock that stands still until told. */
export function testClock(start = Date.parse('2025-01-01T12:00:00Z')): TestClock {
  let wall = start
  let mono = 1_000
  return {
    now: () => wall,
    monoMs: () => mono,
    advance(ms) {
      wall += ms
      mono += ms
    },
    setWall(now) {
      wall = now
    },
  }
}
