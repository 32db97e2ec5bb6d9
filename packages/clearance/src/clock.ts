/** Time as the gate reads it. Both in milliseconds; fractions are welcome. */
export interface Clock {
  /** Never goes back and is not set; its zero means nothing. Equal in all threads of the process. */
  monoMs(): number
  /** Since 1970, UTC. */
  wallMs(): number
}

/**
 * The clocks of this machine. `performance.now` starts from zero in each thread, so it is set right once by
 * `process.hrtime`, the same clock, which takes half as long again to read: the gate reads it twice for each text.
 */
export function systemClock(): Clock {
  const startedAt = Number(process.hrtime.bigint()) / 1e6 - performance.now()
  return {
    monoMs: () => startedAt + performance.now(),
    wallMs: () => Date.now(),
  }
}
