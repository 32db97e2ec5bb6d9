/** Chance, all of it from one seed: the same seed gives the same numbers for ever. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform in [min, max). */
  between(min: number, max: number): number
  /** A whole number, `min` to `max` with both ends. */
  whole(min: number, max: number): number
  chance(share: number): boolean
  pick<T>(choices: readonly T[]): T
  hex(bytes: number): string
}

/** sfc32: 128 bits of state, quick, and without the short cycles of smaller ones. */
export function seededRandom(seed: number): Random {
  let a = seed >>> 0
  let b = Math.floor(seed / 2 ** 32) >>> 0
  let c = 0x9e3779b9
  let counter = 1
  const whole32 = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    c |= 0
    return sum >>> 0
  }
  for (let i = 0; i < 15; i++) whole32()
  const next = () => whole32() / 2 ** 32
  const whole = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  return {
    next,
    between: (min, max) => min + next() * (max - min),
    whole,
    chance: (share) => next() < share,
    pick: (choices) => choices[whole(0, choices.length - 1)] as (typeof choices)[number],
    hex: (bytes) => {
      let text = ''
      for (let i = 0; i < bytes; i++) text += (whole32() & 0xff).toString(16).padStart(2, '0')
      return text
    },
  }
}
