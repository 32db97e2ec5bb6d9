import type { Db } from '@heed/mongo'
import type { Clock } from '@heed/service'

/** The database server's time, by which texts are due and slots begin, on all machines alike. */
export interface ServerClock {
  /** A reading of the server's clock, ms since 1970, taken from an answer that came just now. */
  observe(serverMs: number): void
  /** Never ahead of the server by more than its clock was set back; behind by the quickest answer of the last minute. */
  now(): Date
  /** When, by this process's monotonic clock, the server's clock shows `serverMs`. */
  monoAt(serverMs: number): number
}

const windowMs = 30_000

export function serverClock(clock: Clock): ServerClock {
  // An answer is older than its arrival, so of several the greatest difference is nearest to the truth.
  let previous = Number.NEGATIVE_INFINITY
  let current = Number.NEGATIVE_INFINITY
  let windowStart = clock.monoMs()
  const offset = () => {
    const best = Math.max(previous, current)
    return Number.isFinite(best) ? best : clock.now() - clock.monoMs()
  }
  return {
    observe(serverMs) {
      const mono = clock.monoMs()
      if (mono - windowStart > windowMs) {
        previous = current
        current = Number.NEGATIVE_INFINITY
        windowStart = mono
      }
      current = Math.max(current, serverMs - mono)
    },
    now: () => new Date(clock.monoMs() + offset()),
    monoAt: (serverMs) => serverMs - offset(),
  }
}

/** Reads the server's clock once. */
export async function readServerTime(db: Db, into: ServerClock): Promise<void> {
  const { localTime } = await db.command({ hello: 1 })
  if (localTime instanceof Date) into.observe(localTime.getTime())
}
