import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** One generator for several workers: each takes the next. */
export async function* share<T>(from: AsyncGenerator<T>): AsyncGenerator<T> {
  for (;;) {
    const { value, done } = await from.next()
    if (done) return
    yield value
  }
}

/** How many batches, counted from the first, an earlier run has done; 0 where nothing is known. */
export function batchesDone(file: string): number {
  try {
    const { batches } = JSON.parse(readFileSync(file, 'utf8')) as { batches: unknown }
    return Number.isSafeInteger(batches) ? (batches as number) : 0
  } catch {
    return 0
  }
}

export function keepBatches(file: string, batches: number): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify({ batches }))
}

const tellEveryMs = 2_000

/** Says how far it is, every two seconds, after `then` has kept it. */
export function teller(say: (line: string) => void, total: number, what: string) {
  const startedAt = performance.now()
  let lastAt = startedAt
  return (done: number, then: () => void) => {
    const now = performance.now()
    if (now - lastAt < tellEveryMs) return
    lastAt = now
    then()
    const rate = Math.round(done / ((now - startedAt) / 1_000))
    say(
      `${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${what}, ${rate.toLocaleString('en')} a second`,
    )
  }
}
