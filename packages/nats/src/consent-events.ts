import { consentChanged, type EventOf } from '@heed/events'
import { type Logger, startLoop } from '@heed/service'
import type { Bus } from './bus.ts'

type AccountId = EventOf<typeof consentChanged>['account']

/**
 * Takes an account's changes over as soon as an event says that there are some, many events at a time. What no event
 * told of, a sweep of the caller's finds: completeness is the business of `consent.changes`. An account that fails is taken
 * again, and holds up no other.
 */
export function startConsentEvents(deps: {
  bus: Pick<Bus, 'subscribe'>
  catchUp: (a: AccountId, signal: AbortSignal) => Promise<void>
  log: Logger
}): AsyncDisposable {
  let told = new Set<AccountId>()
  const loop = startLoop({
    name: 'consent events',
    everyMs: 60_000,
    log: deps.log,
    run: async (signal) => {
      const accounts = told
      told = new Set()
      const failed: unknown[] = []
      for (const a of accounts) {
        signal.throwIfAborted()
        await deps.catchUp(a, signal).catch((error: unknown) => {
          told.add(a)
          failed.push(error)
        })
      }
      if (failed.length > 0) throw failed[0]
    },
  })
  const subscription = deps.bus.subscribe(consentChanged, '*', ({ account }) => {
    told.add(account)
    loop.wake()
  })
  return {
    async [Symbol.asyncDispose]() {
      subscription[Symbol.dispose]()
      await loop[Symbol.asyncDispose]()
    },
  }
}
