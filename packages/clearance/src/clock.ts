/** Time as the gate reads it. Both in milliseconds; fractions are welcome. */
export interface Clock {
  /** Never goes back and is not set; its zero means nothing. Equal in all threads of the process. */
  monoMs(): number
  /** Since 1970, UTC. */
  wallMs(): number
}

/**
 * The clocks of this machine. `process.hrtime`, not `performance.now`: the latter starts from zero in each
 * thread.
 */
export function systemClock(): Clock {
  return {
    monoMs: () => Number(process.hrtime.bigint()) / 1e6,
    wallMs: () => Date.now(),
  }
}
