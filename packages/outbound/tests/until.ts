import { setTimeout as sleep } from 'node:timers/promises'

/** Polls until the state holds; fails with its last error, or by name, after the deadline. */
export async function until(what: string, holds: () => unknown, withinMs = 5_000): Promise<void> {
  const deadline = performance.now() + withinMs
  for (;;) {
    if (await holds()) return
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`)
    await sleep(5)
  }
}
