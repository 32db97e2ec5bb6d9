import { systemTimers, type Timers } from './timers.ts'

export interface Backoff {
  readonly firstMs: number
  readonly maxMs: number
}

/** Doubles from `firstMs` to `maxMs`, then takes a random half to whole of it, so that callers spread out. */
export function backoffMs(attempt: number, { firstMs, maxMs }: Backoff, random = Math.random): number {
  const full = Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 30))
  return full * (0.5 + random() / 2)
}

/** Waits, or returns at once when the signal is aborted. Never throws. */
export function pause(ms: number, signal?: AbortSignal, timers: Timers = systemTimers): Promise<void> {
  if (signal?.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = () => {
      cancel()
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const cancel = timers.after(ms, end)
    signal?.addEventListener('abort', end, { once: true })
  })
}

/**
 * Runs `attempt` until it returns, pausing in between; the signal's abort ends it with the last error.
 * `onFailure` is told of the first failure and then at most every 10 s.
 */
export async function untilItWorks<T>(
  attempt: () => Promise<T>,
  options: {
    backoff: Backoff
    signal?: AbortSignal
    onFailure?: (error: unknown) => void
    timers?: Timers
    random?: () => number
  },
): Promise<T> {
  let toldAt = Number.NEGATIVE_INFINITY
  for (let failures = 0; ; failures++) {
    try {
      return await attempt()
    } catch (error) {
      if (options.signal?.aborted) throw error
      if (performance.now() - toldAt >= 10_000) {
        toldAt = performance.now()
        options.onFailure?.(error)
      }
      await pause(backoffMs(failures, options.backoff, options.random), options.signal, options.timers)
      if (options.signal?.aborted) throw error
    }
  }
}
