import { consentChanged } from '@heed/events'
import { openBus } from '@heed/nats'
import { createLogger } from '@heed/service'
import { call } from '../outside/http.ts'
import { applyChange, beginEpoch, type Change, type ConsentCopy, emptyCopy } from './consent-copy.ts'

export type Subscriber = Awaited<ReturnType<typeof openSubscriber>>

interface SubscriberOptions {
  readonly natsUrl: string
  readonly complianceUrl: string
  readonly token: () => Promise<string>
  readonly accounts: readonly string[]
}

const everyMs = 60_000

/**
 * A program that follows the rule of the protocol's E11: it applies the next rev, ignores older ones, and asks
 * `consent.changes` for a gap, at its start and every minute; from 0 in another epoch.
 */
export async function openSubscriber(options: SubscriberOptions) {
  await using opening = new AsyncDisposableStack()
  const copies = new Map(options.accounts.map((account) => [account, emptyCopy()]))
  const asking = new Map<string, Promise<void>>()
  const counts = { events: 0, gaps: 0, asked: 0 }
  const askFrom = (account: string): Promise<boolean> => {
    counts.asked++
    return askOnward(options, account, copies.get(account) ?? emptyCopy())
  }
  /** One question at a time for each account; what has no answer is asked again with the next event or minute. */
  const catchUp = (account: string): Promise<void> => {
    const going = asking.get(account)
    if (going !== undefined) return going
    const begun = askFrom(account)
      .then(() => {})
      .finally(() => asking.delete(account))
    asking.set(account, begun)
    return begun
  }
  const log = createLogger('chaos', 'silent')
  const bus = opening.use(openBus({ url: options.natsUrl, name: 'heed-chaos', log }))
  opening.use(
    bus.subscribe(consentChanged, '*', (event) => {
      const copy = copies.get(event.account)
      if (!copy) return
      counts.events++
      if (event.epoch === copy.epoch && event.rev <= copy.rev + 1) return applyChange(copy, event)
      counts.gaps++
      return catchUp(event.account)
    }),
  )
  const minute = setInterval(() => options.accounts.forEach((account) => void catchUp(account)), everyMs)
  opening.defer(() => clearInterval(minute))
  await Promise.all(options.accounts.map(catchUp))
  const open = opening.move()
  return {
    counts,
    /** The copy after the question that is due every minute, asked now until it is answered. */
    async caughtUp(account: string): Promise<ConsentCopy> {
      for (let tries = 0; tries < 20 && !(await askFrom(account)); tries++);
      return copies.get(account) ?? emptyCopy()
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

/** Asks until nothing is left to ask for; false where there was no answer. */
async function askOnward(options: SubscriberOptions, account: string, copy: ConsentCopy): Promise<boolean> {
  const input = { accountId: account, after: copy.rev, limit: 1_000 }
  const { data } = await call<{ epoch: string; rev: number; changes: Change[] }>(
    options.complianceUrl,
    'consent.changes',
    input,
    await options.token(),
    5_000,
  )
  if (!data) return false
  if (beginEpoch(copy, data.epoch)) return askOnward(options, account, copy)
  for (const change of data.changes) applyChange(copy, change)
  return copy.rev >= data.rev || askOnward(options, account, copy)
}
