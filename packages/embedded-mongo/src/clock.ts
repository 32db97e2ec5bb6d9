import { Timestamp } from 'bson'

export type LogicalClock = ReturnType<typeof logicalClock>

const asNumber = (time: Timestamp): bigint => (BigInt(time.t) << 32n) | BigInt(time.i)

/**
 * The cluster's logical time: seconds and a counter that grows with each write and never goes back.
 * It follows what clients have seen elsewhere, so that a causal session outlives a restart.
 */
export function logicalClock(nowMs: () => number) {
  let current = new Timestamp({ t: Math.floor(nowMs() / 1000), i: 1 })

  return {
    /** The time of the last write. */
    get time(): Timestamp {
      return current
    },

    /** Of a write that is being made. */
    tick(): Timestamp {
      const seconds = Math.floor(nowMs() / 1000)
      current =
        seconds > current.t
          ? new Timestamp({ t: seconds, i: 1 })
          : new Timestamp({ t: current.t, i: current.i + 1 })
      return current
    },

    /** Catches up with a time a client has seen; a year ahead of the wall clock is nonsense and ignored. */
    observe(seen: Timestamp): void {
      if (seen.t > nowMs() / 1000 + 31_536_000) return
      if (asNumber(seen) > asNumber(current)) current = seen
    },
  }
}
