import type { consentChanged, contactsChanged, EventOf } from '@heed/events'
import { type Logger, startLoop } from '@heed/service'
import type { Bus } from './bus.ts'

type AccountId = EventOf<typeof consentChanged>['account']

/**
 * Takes an account's changes over as soon as an event says that there are some, many events at a time. What no event
 * told of, a sweep of the caller's finds: completeness is the business of the owner's list of changes. An account that
 * fails, or of which some is left (`catchUp` answers with true), is taken again after the others, and holds up none.
 */
export function startAccountEvents(deps: {
  bus: Pick<Bus, 'subscribe'>
  contract: typeof consentChanged | typeof contactsChanged
  catchUp: (a: AccountId, signal: AbortSignal) => Promise<unknown>
  log: Logger
}): AsyncDisposable & { tell(accounts: Iterable<AccountId>): void } {
  const told = new Set<AccountId>()
  const loop = startLoop({
    name: `${deps.contract.name} events`,
    everyMs: 60_000,
    log: deps.log,
    run: async (signal) => {
      const accounts = [...told]
      told.clear()
      const failed: unknown[] = []
      for (const a of accounts) {
        signal.throwIfAborted()
        await deps.catchUp(a, signal).then(
          (isMore) => isMore === true && tell([a]),
          (error: unknown) => {
            told.add(a)
            failed.push(error)
          },
        )
      }
      if (failed.length > 0) throw failed[0]
    },
  })
  const tell = (accounts: Iterable<AccountId>) => {
    for (const a of accounts) told.add(a)
    if (told.size > 0) loop.wake()
  }
  const hear = ({ account }: { account: AccountId }) => tell([account])
  const subscription = deps.bus.subscribe<typeof deps.contract>(deps.contract, '*', hear)
  return {
    tell,
    async [Symbol.asyncDispose]() {
      subscription[Symbol.dispose]()
      await loop[Symbol.asyncDispose]()
    },
  }
}
