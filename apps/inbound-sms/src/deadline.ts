import type { Timers } from '@heed/service'

/** What `within` gives where the work took longer. */
export const late = Symbol('late')

/** The outcome of the work, or `late` after `ms`; the work itself goes on. */
export async function within<T>(work: Promise<T>, ms: number, timers: Timers): Promise<T | typeof late> {
  const { promise, resolve } = Promise.withResolvers<typeof late>()
  const cancel = timers.after(Math.max(0, ms), () => resolve(late))
  try {
    return await Promise.race([work, promise])
  } finally {
    cancel()
  }
}

/** As `within`, for work that has no outcome: false where it failed or took longer. */
export async function succeedsWithin(work: Promise<unknown>, ms: number, timers: Timers): Promise<boolean> {
  try {
    return (await within(work, ms, timers)) !== late
  } catch {
    return false
  }
}
