/** Later, as a service understands it; tests and simulations bring their own. */
export interface Timers {
  /** Runs once the work at hand is done, so that all that one turn brings goes together. */
  soon(run: () => void): void
  /** Runs after so many milliseconds, unless cancelled. */
  after(delayMs: number, run: () => void): () => void
}

export const systemTimers: Timers = {
  soon: (run) => {
    setImmediate(run)
  },
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}
