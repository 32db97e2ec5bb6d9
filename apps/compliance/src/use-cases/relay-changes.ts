import type { consentChanged, EventOf } from '@heed/events'
import type { AccountId, Epoch, PhoneNumber } from '@heed/phone'
import type { Entry } from '../domain/entry.ts'
import type { Head } from '../store/heads.ts'
import type { SourceRecord } from '../store/sources.ts'
import type { ConsentStores } from '../store/stores.ts'

type ConsentChanged = EventOf<typeof consentChanged>

export interface RelayDeps {
  readonly stores: ConsentStores
  /** Resolves when NATS has acknowledged the event. */
  readonly publish: (event: ConsentChanged) => Promise<void>
}

export interface Relay {
  /** Publishes a commit at once, if all before it is published; else everything from the watermark on. */
  offer(head: Head, entries: readonly Entry[], sources: ReadonlyMap<string, Cause>): Promise<void>
  /** Publishes what a crash or an outage left. */
  catchUp(accountId: string): Promise<void>
}

type Cause = Pick<SourceRecord, 'cause' | 'businessNumber'>

const pageRows = 256
/** Accounts whose watermark is remembered, so that the next commit is published without reading it. */
const lanesMax = 10_000

type Account = Pick<Head, 'a' | 'epoch'>

/**
 * Tells NATS of every change, in order of rev, and raises an account's `published` over what was acknowledged and
 * nothing else, so that there is never a hole below it.
 */
export function relayChanges(deps: RelayDeps): Relay {
  const lanes = new Map<string, { published: number; running: Promise<void>; waiting: number }>()

  /** Runs after what is under way for the account; a failure leaves the rest to `catchUp`. */
  const inLane = ({ a, epoch }: Account, run: (published: number) => Promise<number>): Promise<void> => {
    const key = `${a}/${epoch}`
    const lane = lanes.get(key) ?? { published: 0, running: Promise.resolve(), waiting: 0 }
    lanes.delete(key)
    lanes.set(key, lane)
    lane.waiting += 1
    const turn = lane.running.then(async () => {
      lane.published = Math.max(lane.published, await run(lane.published))
    })
    lane.running = turn
      .catch(() => {})
      .finally(() => {
        lane.waiting -= 1
        if (lanes.size > lanesMax) forgetIdle(lanes)
      })
    return turn
  }

  const publishAll = async (
    head: Pick<Head, 'a' | 'epoch'>,
    events: readonly ConsentChanged[],
  ): Promise<number> => {
    const acknowledged = await Promise.allSettled(events.map((event) => deps.publish(event)))
    const refusedAt = acknowledged.findIndex(({ status }) => status === 'rejected')
    const last = events[refusedAt === -1 ? events.length - 1 : refusedAt - 1]
    if (last) await deps.stores.heads.raisePublished(head, last.rev)
    const refused = acknowledged[refusedAt]
    if (refused?.status === 'rejected') throw refused.reason
    return last?.rev ?? 0
  }

  const catchUp = async (accountId: string): Promise<number> => {
    for (;;) {
      const head = await deps.stores.heads.readMajority(accountId)
      if (!head || head.published >= head.rev) return head?.published ?? 0
      const events = await unpublished(deps.stores, head)
      if (events.length === 0) return head.published
      await publishAll(head, events)
    }
  }

  return {
    async offer(head, entries, sources) {
      const first = entries[0]
      if (!first) return
      await inLane(head, (published) => {
        if (Math.max(published, head.published) < first.rev - 1) return catchUp(head.a)
        const events = entries.map((entry) => eventOf(head, entry, sources.get(entry.src)))
        return publishAll(head, events)
      })
    },
    async catchUp(accountId) {
      const head = await deps.stores.heads.readMajority(accountId)
      if (head && head.published < head.rev) await inLane(head, () => catchUp(accountId))
    },
  }
}

function forgetIdle(lanes: Map<string, { waiting: number }>): void {
  for (const [key, { waiting }] of lanes) if (waiting === 0) return void lanes.delete(key)
}

/** The next events after the watermark: from the ledger, and from `recent` what is not folded. */
async function unpublished(stores: ConsentStores, head: Head): Promise<ConsentChanged[]> {
  const folded =
    head.published < head.folded ? await stores.ledger.after(head.a, head.published, pageRows) : []
  const from = folded.at(-1)?.rev ?? head.published
  const recent = folded.length < pageRows ? head.recent.filter(({ rev }) => rev > from) : []
  const entries: Entry[] = []
  let next = head.published + 1
  for (const entry of [...folded, ...recent]) {
    if (entry.rev !== next) break
    entries.push(entry)
    next += 1
  }
  const sources = await stores.sources.find(
    head.a,
    entries.map(({ src }) => src),
  )
  return entries.map((entry) => eventOf(head, entry, sources.get(entry.src)))
}

function eventOf(head: Pick<Head, 'a' | 'epoch'>, entry: Entry, source: Cause | undefined): ConsentChanged {
  return {
    v: 1,
    account: head.a as AccountId,
    epoch: head.epoch as Epoch,
    rev: entry.rev,
    number: entry.n as PhoneNumber,
    list: entry.list,
    op: entry.op,
    cause: source?.cause ?? 'unknown',
    ...(entry.sentAt ? { sentAt: entry.sentAt.toISOString() } : {}),
    at: entry.at.toISOString(),
    ...(source?.businessNumber ? { businessNumber: source.businessNumber as PhoneNumber } : {}),
    source: entry.src,
  }
}
