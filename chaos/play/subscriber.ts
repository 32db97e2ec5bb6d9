import { consentChanged } from '@heed/events'
import { openBus } from '@heed/nats'
import { createLogger } from '@heed/service'
import { call } from '../outside/http.ts'

interface Change {
  epoch: string
  rev: number
  number: string
  list: string
  op: string
}

interface Copy {
  epoch: string
  rev: number
  readonly blocked: Map<string, number>
}

export type Subscriber = Awaited<ReturnType<typeof openSubscriber>>

const everyMs = 60_000

/**
 * A program that follows the rule of the protocol's E11: it applies the next rev, ignores older ones, and asks
 * `consent.changes` for a gap, at its start and every minute; from 0 in another epoch.
 */
export async function openSubscriber(options: {
  natsUrl: string
  complianceUrl: string
  token: () => Promise<string>
  accounts: readonly string[]
}) {
  await using opening = new AsyncDisposableStack()
  const copies = new Map<string, Copy>()
  const asking = new Map<string, Promise<void>>()
  const counts = { events: 0, gaps: 0, asked: 0 }
  const copyOf = (account: string): Copy => {
    const copy = copies.get(account) ?? { epoch: '', rev: 0, blocked: new Map() }
    copies.set(account, copy)
    return copy
  }
  const apply = (copy: Copy, { rev, number, list, op }: Change) => {
    if (rev !== copy.rev + 1) return
    copy.rev = rev
    if (op === 'block') copy.blocked.set(`${number} ${list}`, rev)
    if (op === 'lift') copy.blocked.delete(`${number} ${list}`)
  }
  const askFrom = async (account: string): Promise<boolean> => {
    const copy = copyOf(account)
    counts.asked++
    const input = { accountId: account, after: copy.rev, limit: 1_000 }
    const { data } = await call<{ epoch: string; rev: number; changes: Change[] }>(
      options.complianceUrl,
      'consent.changes',
      input,
      await options.token(),
      5_000,
    )
    if (!data) return false
    if (data.epoch !== copy.epoch) {
      const isNew = copy.epoch === ''
      copy.epoch = data.epoch
      if (!isNew) {
        copy.rev = 0
        copy.blocked.clear()
        return askFrom(account)
      }
    }
    for (const change of data.changes) apply(copy, change)
    return copy.rev >= data.rev || askFrom(account)
  }
  /** One question at a time for each account; what does not answer is asked again with the next event or minute. */
  const catchUp = (account: string): Promise<void> => {
    const going = asking.get(account)
    if (going) return going
    const begun = askFrom(account)
      .then(() => {})
      .finally(() => asking.delete(account))
    asking.set(account, begun)
    return begun
  }
  const bus = opening.use(
    openBus({ url: options.natsUrl, name: 'heed-chaos', log: createLogger('chaos', 'silent') }),
  )
  opening.use(
    bus.subscribe(consentChanged, '*', (event) => {
      if (!options.accounts.includes(event.account)) return
      counts.events++
      const copy = copyOf(event.account)
      if (event.epoch === copy.epoch && event.rev <= copy.rev + 1) return apply(copy, event)
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
    async caughtUp(account: string): Promise<Copy> {
      for (let tries = 0; tries < 20 && !(await askFrom(account)); tries++);
      return copyOf(account)
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}
