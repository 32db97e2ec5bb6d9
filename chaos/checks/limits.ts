/** L less its margin on a slow clock, and 20 ms of suspension unseen: what the design promises. */
export const boundMs = 550
/** From here on a first byte counts as late after its gate (the protocol's first exception). */
export const lateAfterMs = 50
/** How sharp the record of a fault is: begun and ended by this very busy process. */
export const edgeMs = 50
/** Within this all that was told to run has ended once the faults are over: leases are 30 s, hints 60 s. */
export const drainWithinMs = 120_000
/** Within this every sender hands over again once all services say that they are ready. */
export const passesAgainWithinMs = 15_000
/** Within this what no webhook brought is found by the poll, every 8 s here, and a START's time is asked. */
export const arriveWithinMs = 40_000
/** A service ends itself after 10 s whatever hangs. */
export const stopWithinMs = 12_000
