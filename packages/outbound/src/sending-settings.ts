import type { AccountId, PhoneNumber } from '@heed/phone'

/** What of an account's settings rules its texts beside consent. */
export interface SendingSettings {
  /** Limits of sending numbers. */
  readonly numberLimits: readonly { readonly number: PhoneNumber; readonly segmentsPerSecond: number }[]
  readonly quietHours: 'off' | 'on'
  readonly caps: readonly { readonly texts: number; readonly hours: number }[]
}

interface Known {
  readonly at: number
  readonly settings: SendingSettings
}

const accountsMax = 10_000

/**
 * The settings of accounts, asked for once in `freshMs` for each. While the answer does not come the last known ones
 * stand; without any the promise rejects.
 */
export function sendingSettings(deps: {
  readonly load: (a: AccountId) => Promise<SendingSettings>
  readonly monoMs: () => number
  readonly freshMs?: number
}): (a: AccountId) => Promise<SendingSettings> {
  const known = new Map<AccountId, Known>()
  const loading = new Map<AccountId, Promise<SendingSettings>>()

  const load = async (a: AccountId): Promise<SendingSettings> => {
    try {
      const settings = await deps.load(a)
      if (known.size >= accountsMax) known.clear()
      known.set(a, { at: deps.monoMs(), settings })
      return settings
    } catch (error) {
      const last = known.get(a)
      if (!last) throw error
      return last.settings
    } finally {
      loading.delete(a)
    }
  }
  return (a) => {
    const current = known.get(a)
    if (current && deps.monoMs() - current.at <= (deps.freshMs ?? 15_000))
      return Promise.resolve(current.settings)
    const under = loading.get(a) ?? load(a)
    loading.set(a, under)
    return under
  }
}
