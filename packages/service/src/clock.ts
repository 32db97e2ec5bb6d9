/** Where a service gets the time from; tests and simulations pass their own. */
export interface Clock {
  /** Wall clock, ms since 1970. */
  now(): number
  /** Monotonic, in ms, from an arbitrary zero. */
  monoMs(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monoMs: () => Number(process.hrtime.bigint()) / 1e6,
}
