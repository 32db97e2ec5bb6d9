import type { AccountId, PhoneNumber } from '@heed/phone'

export interface NumberLimit {
  readonly number: PhoneNumber
  readonly segmentsPerSecond: number
}

/**
 * The limits of sending numbers, asked for once in `freshMs` for each account. While the answer does not come
 * the last known one stands; without any the promise rejects.
 */
export function numberLimits(deps: {
  readonly load: (a: AccountId) => Promise<readonly NumberLimit[]>
  readonly monoMs: () => number
  readonly freshMs?: number
}): (a: AccountId, from: PhoneNumber) => Promise<number | null> {
  interface Known {
    at: number
    limits: ReadonlyMap<PhoneNumber, number>
  }
  const known = new Map<AccountId, Known>()
  const loading = new Map<AccountId, Promise<Known>>()

  const load = async (a: AccountId): Promise<Known> => {
    try {
      const limits = await deps.load(a)
      const found = {
        at: deps.monoMs(),
        limits: new Map(limits.map((one) => [one.number, one.segmentsPerSecond])),
      }
      if (known.size >= 10_000) known.clear()
      known.set(a, found)
      return found
    } catch (error) {
      const last = known.get(a)
      if (!last) throw error
      return last
    } finally {
      loading.delete(a)
    }
  }
  return async (a, from) => {
    let current = known.get(a)
    if (!current || deps.monoMs() - current.at > (deps.freshMs ?? 15_000)) {
      const under = loading.get(a) ?? load(a)
      loading.set(a, under)
      current = await under
    }
    return current.limits.get(from) ?? null
  }
}
