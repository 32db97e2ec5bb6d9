import { driftMax } from '@heed/clearance'
import type { Db } from '@heed/mongo'
import type { Clock } from '@heed/service'

/** The database server's time, by which texts are due and slots begin, on all machines alike. */
export interface ServerClock {
  /** A reading of the server's clock, ms since 1970, taken from an answer that came just now. */
  observe(serverMs: number): void
  /** Never ahead of the server by more than its clock was set back; behind by at most what drift may have added. */
  now(): Date
  /** When, by this process's monotonic clock, the server's clock shows `serverMs`. */
  monoAt(serverMs: number): number
}

export function serverClock(clock: Clock): ServerClock {
  let best = Number.NEGATIVE_INFINITY
  let bestAt = clock.monoMs()
  /**
   * An answer is older than its arrival, so of several the greatest difference is nearest to the truth; and this
   * clock may have run fast since, so an older one counts for less. One that counted in full for a minute would put
   * every slot into the past of a clock 10 % fast, and its texts would wait for another slot for ever (E12).
   */
  const offset = () => {
    if (!Number.isFinite(best)) return clock.now() - clock.monoMs()
    return best - (clock.monoMs() - bestAt) * driftMax
  }
  return {
    observe(serverMs) {
      const mono = clock.monoMs()
      if (Number.isFinite(best) && serverMs - mono < offset()) return
      best = serverMs - mono
      bestAt = mono
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
