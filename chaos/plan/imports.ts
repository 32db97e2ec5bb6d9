import type { Account } from './plan.ts'
import type { Rng } from './rng.ts'

/** A list of opt-outs brought in from elsewhere: call after call of 64 numbers. */
export interface Import {
  readonly at: number
  readonly does: 'import'
  readonly account: number
  readonly calls: readonly (readonly string[])[]
}

/** How many numbers one call takes. */
const numbersACall = 64

export function imports(
  rng: Rng,
  cast: { lengthMs: number; accounts: readonly Account[]; people: readonly string[] },
  strangerOf: (i: number) => string,
): Import[] {
  let strangers = 0
  return Array.from({ length: Math.max(2, Math.floor(cast.lengthMs / 15_000)) }, () => ({
    at: rng.int(500, cast.lengthMs * 0.9),
    does: 'import',
    account: rng.int(0, cast.accounts.length - 2),
    calls: Array.from({ length: rng.int(2, 14) }, (_, call) => {
      // Few of those who are texted: who is blocked is no longer a test of anything.
      const known = call === 0 ? rng.shuffle(cast.people).slice(0, 2) : []
      return [...known, ...Array.from({ length: numbersACall - known.length }, () => strangerOf(strangers++))]
    }),
  }))
}
