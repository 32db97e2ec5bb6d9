/** Later, as the asker understands it. A simulation brings its own. */
export interface Scheduler {
  /** Runs once the work at hand is done, so that all questions of one tick go in one call. */
  soon(run: () => void): void
  /** Runs after so many milliseconds, unless cancelled. */
  after(delayMs: number, run: () => void): () => void
}

/** The event loop. Its timers do not keep the process alive: what waits for an answer does. */
export function systemScheduler(): Scheduler {
  return {
    soon: (run) => {
      setImmediate(run)
    },
    after: (delayMs, run) => {
      const timer = setTimeout(run, delayMs).unref()
      return () => clearTimeout(timer)
    },
  }
}
