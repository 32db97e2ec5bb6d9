import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Polls until `probe` returns something other than undefined, null or false, and returns it. Throws when
 * `timeoutMs` (5 s) has passed, with what the probe said last.
 */
export async function waitFor<T>(
  probe: () => Promise<T> | T,
  { timeoutMs = 5_000, everyMs = 20, what = 'the awaited state' } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const until = performance.now() + timeoutMs
  let last: unknown
  while (true) {
    try {
      const value = await probe()
      if (value !== undefined && value !== null && value !== false) {
        return value as NonNullable<Exclude<T, false>>
      }
      last = value
    } catch (error) {
      last = error
    }
    if (performance.now() > until) {
      throw new Error(`${what} did not come within ${timeoutMs} ms; last seen: ${String(last)}`, {
        cause: last,
      })
    }
    await sleep(everyMs)
  }
}
