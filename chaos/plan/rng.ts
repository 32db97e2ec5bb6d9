export interface Rng {
  /** From 0 up to, without, 1. */
  next(): number
  /** A whole number of `min` to `max`, both included. */
  int(min: number, max: number): number
  pick<T>(from: readonly T[]): T
  shuffle<T>(items: readonly T[]): T[]
  /** A source of its own, so that what one actor draws does not depend on another's pace. */
  fork(): Rng
}

/** Reproducible choices: the same seed draws the same (mulberry32). */
export function rngOf(seed: number): Rng {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  return {
    next,
    int,
    pick(from) {
      const found = from[int(0, from.length - 1)]
      if (found === undefined) throw new RangeError('nothing to pick from')
      return found
    },
    shuffle(items) {
      return items
        .map((item) => ({ item, key: next() }))
        .sort((one, other) => one.key - other.key)
        .map(({ item }) => item)
    },
    fork: () => rngOf(Math.floor(next() * 4_294_967_296)),
  }
}
