import type { consentChanged, EventOf } from '@heed/events'
import type { AccountId, Epoch, PhoneNumber } from '@heed/phone'
import type { Entry } from '../domain/entry.ts'
import type { Head } from '../store/heads.ts'
import type { SourceRecord } from '../store/sources.ts'
import type { ConsentStores } from '../store/stores.ts'
import type { InTraceOf } from './commit-queue.ts'
import { soon } from './soon.ts'

type ConsentChanged = EventOf<typeof consentChanged>

export interface RelayDeps {
  readonly stores: ConsentStores
  /** Resolves when NATS has acknowledged the event. */
  readonly publish: (event: ConsentChanged, acknowledgedAt?: number) => Promise<void>
  readonly now: () => number
  readonly after: (ms: number, run: () => void) => void
}

export interface Relay {
  /** Publishes a commit at once, if all before it is published; else everything from the watermark on. */
  offer(
    head: Head,
    entries: readonly Entry[],
    sources: ReadonlyMap<string, Cause>,
    inTrace: InTraceOf,
  ): Promise<void>
  /** Publishes what a crash or an outage left. */
  catchUp(accountId: string): Promise<void>
}

type Cause = Pick<SourceRecord, 'cause' | 'businessNumber'>

const pageRows = 256
/** Accounts whose watermark is remembered, so that the next commit is published without reading it. */
const lanesMax = 10_000
/** `published` is raised at most this often for an account; a crash before publishes again what is known already. */
const raiseAfterMs = 50

type Account = Pick<Head, 'a' | 'epoch'>

interface Lane {
  /** Up to here everything was handed to NATS, in order. */
  offered: number
  /** Up to here NATS has acknowledged everything. */
  published: number
  /** A publication failed, or one is found out from the database: what comes goes through `catchUp`. */
  isBehind: boolean
  /** Ends when everything handed over so far is acknowledged or has failed. */
  tail: Promise<void>
  waiting: number
}

/**
 * Tells NATS of every change, in order of rev, and raises an account's `published` over what was acknowledged and
 * nothing else, so that there is never a hole below it.
 */
export function relayChanges(deps: RelayDeps): Relay {
  const lanes = new Map<string, Lane>()
  const laneOf = (account: Account) => laneIn(lanes, account)
  const raiseSoon = soon({ after: deps.after, delayMs: raiseAfterMs })
  const raise = (account: Account) =>
    raiseSoon(`${account.a}/${account.epoch}`, () =>
      deps.stores.heads.raisePublished(account, laneOf(account).published),
    )

  const inTurn = (lane: Lane, turn: () => Promise<void>): Promise<void> => {
    lane.waiting += 1
    const done = lane.tail.then(turn)
    lane.tail = done
      .catch(() => {
        lane.isBehind = true
      })
      .finally(() => {
        lane.waiting -= 1
        if (lanes.size > lanesMax) forgetIdle(lanes)
      })
    return done
  }

  /** Handed over at once, so that a commit never waits for the acknowledgements of the one before. */
  const handOver = (lane: Lane, events: readonly ConsentChanged[], inTrace: InTraceOf): Promise<void> => {
    // A commit is offered in the tick that tells its callers.
    const now = deps.now()
    const acknowledged = events.map((event) => ({
      rev: event.rev,
      done: inTrace(event.source, () => deps.publish(event, now)),
    }))
    for (const { done } of acknowledged) done.catch(() => {})
    lane.offered = events.at(-1)?.rev ?? lane.offered
    return inTurn(lane, async () => {
      if (lane.isBehind) throw new Error('an earlier change is not published yet')
      for (const { rev, done } of acknowledged) {
        await done
        lane.published = rev
      }
    })
  }

  const catchUp = (account: Account, lane: Lane): Promise<void> => {
    lane.isBehind = true
    return inTurn(lane, async () => {
      for (;;) {
        const head = await deps.stores.heads.readMajority(account.a)
        if (!head || head.published >= head.rev) {
          lane.isBehind = false
          lane.offered = lane.published = head?.published ?? 0
          return
        }
        const events = await unpublished(deps.stores, head)
        if (events.length === 0) throw new Error('the next change to publish is not readable yet')
        await publishPage(deps, head, events)
      }
    })
  }

  return {
    async offer(head, entries, sources, inTrace) {
      const first = entries[0]
      if (!first) return
      const lane = laneOf(head)
      const follows = Math.max(lane.offered, head.published) >= first.rev - 1
      if (lane.isBehind || !follows) return catchUp(head, lane)
      lane.published = Math.max(lane.published, head.published)
      const events = entries.map((entry) => eventOf(head, entry, sources.get(entry.src)))
      try {
        await handOver(lane, events, inTrace)
      } finally {
        if (lane.published > head.published) await raise(head)
      }
    },
    async catchUp(accountId) {
      const head = await deps.stores.heads.readMajority(accountId)
      if (head && head.published < head.rev) await catchUp(head, laneOf(head))
    },
  }
}

/** Publishes a page and raises `published` over what of it was acknowledged without a hole. */
async function publishPage(deps: RelayDeps, head: Account, events: readonly ConsentChanged[]): Promise<void> {
  const acknowledged = await Promise.allSettled(events.map((event) => deps.publish(event)))
  const refusedAt = acknowledged.findIndex(({ status }) => status === 'rejected')
  const last = events[refusedAt === -1 ? events.length - 1 : refusedAt - 1]
  if (last) await deps.stores.heads.raisePublished(head, last.rev)
  const refused = acknowledged[refusedAt]
  if (refused?.status === 'rejected') throw refused.reason
}

/** The account's lane, made the last used. */
function laneIn(lanes: Map<string, Lane>, { a, epoch }: Account): Lane {
  const key = `${a}/${epoch}`
  const fresh: Lane = { offered: 0, published: 0, isBehind: false, tail: Promise.resolve(), waiting: 0 }
  const lane = lanes.get(key) ?? fresh
  lanes.delete(key)
  lanes.set(key, lane)
  return lane
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
    outcome: entry.outcome,
    ...(entry.texted ? { texted: true as const } : {}),
    ...(entry.carrierAccount ? { carrierAccount: entry.carrierAccount } : {}),
  }
}
