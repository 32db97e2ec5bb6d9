/** What `within` gives where the work took longer. */
export const late = Symbol('late')

/** The outcome of the work, or `late` after `ms`; the work itself goes on. */
export async function within<T>(work: Promise<T>, ms: number): Promise<T | typeof late> {
  const { promise, resolve } = Promise.withResolvers<typeof late>()
  const timer = setTimeout(() => resolve(late), Math.max(0, ms))
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}

/** As `within`, for work that has no outcome: false where it failed or took longer. */
export async function succeedsWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  try {
    return (await within(work, ms)) !== late
  } catch {
    return false
  }
}
