import type { Scheduler } from '../src/index.ts'
import type { HandClock } from './support.ts'

/** Timers that fire when their clock is moved past them, in order; `soon` runs when asked to. */
export function handScheduler(clock: HandClock) {
  const timers = new Map<object, { at: number; run: () => void }>()
  let soon: (() => void)[] = []
  const scheduler: Scheduler = {
    soon: (run) => {
      soon.push(run)
    },
    after: (delayMs, run) => {
      const key = {}
      timers.set(key, { at: clock.monoMs() + delayMs, run })
      return () => timers.delete(key)
    },
  }
  /** Runs what is due now, and lets promises settle. */
  async function settle() {
    for (let turn = 0; turn < 5; turn++) {
      const due = soon
      soon = []
      for (const run of due) run()
      for (let tick = 0; tick < 10; tick++) await Promise.resolve()
    }
  }
  /** Moves the clock, firing each timer at its own instant. */
  async function advance(ms: number) {
    const end = clock.monoMs() + ms
    for (;;) {
      await settle()
      const [next] = [...timers].filter(([, { at }]) => at <= end).sort(([, x], [, y]) => x.at - y.at)
      if (next === undefined) break
      timers.delete(next[0])
      clock.advance(Math.max(0, next[1].at - clock.monoMs()))
      next[1].run()
    }
    clock.advance(end - clock.monoMs())
    await settle()
  }
  return { scheduler, settle, advance, timers: () => timers.size }
}
