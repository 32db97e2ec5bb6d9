import { isUnknownOutcome } from '@heed/mongo'
import { DomainError } from '@heed/rpc'
import { backoffMs, type Clock, type InTrace, keepTrace, type Logger } from '@heed/service'
import { type Decision, revsMax } from '../domain/decide.ts'
import type { Entry } from '../domain/entry.ts'
import { commitMax, type Head, type Priority } from '../store/heads.ts'
import type { SourceRecord } from '../store/sources.ts'
import type { ConsentStores } from '../store/stores.ts'
import { type Attempt, attemptCommit, type Requested } from './commit-group.ts'

export interface Committed {
  readonly epoch: string
  readonly decisions: readonly Decision[]
}

/** What a commit leaves to do: tell NATS, and fold. */
export type AfterCommit = (
  head: Head,
  entries: readonly Entry[],
  sources: ReadonlyMap<string, SourceRecord>,
  /** Each change is told in the trace of who asked for it. */
  inTrace: InTraceOf,
) => void

export type InTraceOf = <T>(src: string, run: () => T) => T

export interface CommitQueue {
  /** Resolves when the change stands for good; rejects `unavailable` when that is not known in time. */
  submit(accountId: string, request: Requested, priority: Priority): Promise<Committed>
  /** The longest queue of any account, for metrics. */
  longest(priority: Priority): number
}

interface Queued extends Requested {
  readonly submittedAt: number
  readonly inTrace: InTrace
  resolve(committed: Committed): void
  reject(error: unknown): void
}

export const waitingMax = 10_000
/** After this a caller is told that the outcome is unknown; it repeats with the same source. */
const giveUpAfterMs = 5_000
const importRestMaxMs = 1_000

export interface CommitDeps {
  readonly stores: ConsentStores
  readonly clock: Clock
  readonly random: () => number
  readonly wait: (ms: number) => Promise<void>
  readonly fold: (accountId: string) => Promise<void>
  readonly afterCommit: AfterCommit
  readonly log: Logger
}

/**
 * Queues the changes of each account and commits them a group at a time, at most 64 revs each, of an import
 * 256; live changes go before imports, and accounts do not wait for each other.
 */
export function commitQueue(deps: CommitDeps): CommitQueue {
  const lanes = new Map<string, Lane>()
  return {
    submit(accountId, request, priority) {
      const lane: Lane = lanes.get(accountId) ?? { live: [], import: [], shared: new Map(), busy: false }
      lanes.set(accountId, lane)
      const twin = lane.shared.get(identity(request))
      if (twin !== undefined) return twin.then(asReplay)
      if (lane[priority].length >= waitingMax) return Promise.reject(new DomainError('limit-reached'))
      const { promise, resolve, reject } = Promise.withResolvers<Committed>()
      lane[priority].push({
        ...request,
        submittedAt: deps.clock.monoMs(),
        inTrace: keepTrace(),
        resolve,
        reject,
      })
      lane.shared.set(identity(request), promise)
      const forget = () => lane.shared.delete(identity(request))
      promise.then(forget, forget)
      if (!lane.busy) void drain(deps, accountId, lane).finally(() => lane.busy || lanes.delete(accountId))
      return promise
    },
    longest: (priority) =>
      lanes.values().reduce((longest, lane) => Math.max(longest, lane[priority].length), 0),
  }
}

interface Lane {
  readonly live: Queued[]
  readonly import: Queued[]
  /** Changes under way by source and content: a second one shares the first one's outcome. */
  readonly shared: Map<string, Promise<Committed>>
  busy: boolean
}

function identity({ change }: Requested): string {
  const list = change.kind !== 'opt-in' ? change.list : change.how.by === 'hand' ? change.how.list : ''
  return JSON.stringify([change.kind, change.src, list, change.numbers])
}

const asReplay = ({ epoch, decisions }: Committed): Committed => ({
  epoch,
  decisions: decisions.map(({ entry }) => ({ entry, replayed: true })),
})

async function drain(deps: CommitDeps, accountId: string, lane: Lane): Promise<void> {
  lane.busy = true
  while (lane.live.length + lane.import.length > 0) {
    const priority: Priority = lane.live.length > 0 ? 'live' : 'import'
    const group = takeGroup(lane[priority], commitMax[priority].revs)
    const startedAt = deps.clock.monoMs()
    try {
      await commitGroup(deps, accountId, { group, priority, lane })
    } catch (error) {
      for (const queued of group) queued.reject(error)
    }
    if (priority === 'import') await rest(deps, lane, deps.clock.monoMs() - startedAt)
  }
  lane.busy = false
}

/** Imports rest as long as a commit took, so that other instances' live changes get their turn. */
async function rest(deps: CommitDeps, lane: Lane, tookMs: number): Promise<void> {
  const until = deps.clock.monoMs() + Math.min(tookMs, importRestMaxMs)
  while (lane.live.length === 0 && deps.clock.monoMs() < until) {
    await deps.wait(Math.min(5, until - deps.clock.monoMs()))
  }
}

function takeGroup(queue: Queued[], revsMost: number): Queued[] {
  let revs = 0
  let count = 0
  for (const { change } of queue) {
    revs += revsMax(change)
    if (count > 0 && revs > revsMost) break
    count += 1
  }
  return queue.splice(0, count)
}

async function commitGroup(
  deps: CommitDeps,
  a: string,
  { group, priority, lane }: { group: readonly Queued[]; priority: Priority; lane: Lane },
): Promise<void> {
  for (let misses = 0; ; misses++) {
    if (deps.clock.monoMs() - (group[0]?.submittedAt ?? 0) > giveUpAfterMs)
      throw new DomainError('unavailable')
    const attempt = await attemptSafely(deps, a, group, priority)
    if (attempt.kind === 'unknown-account') throw new DomainError('unknown-account')
    if (attempt.kind === 'committed') return settle(deps, group, attempt)
    if (attempt.kind === 'full') await deps.fold(a).catch(() => {})
    // An import that gets nowhere holds up no STOP; begun again later, it finds by its sources what stands.
    if (priority === 'import' && lane.live.length > 0) return void lane.import.unshift(...group)
    // A live change repeats its first misses at once: somebody else made progress.
    const pauseMs = attempt.kind === 'failed' ? 20 : misses < 3 && priority === 'live' ? 0 : 2
    if (pauseMs > 0)
      await deps.wait(backoffMs(Math.min(misses, 4), { firstMs: pauseMs, maxMs: 200 }, deps.random))
  }
}

/** A failed attempt may have applied: it is begun again, and finds by its sources what stands. */
async function attemptSafely(
  deps: CommitDeps,
  a: string,
  group: readonly Queued[],
  priority: Priority,
): Promise<Attempt | { kind: 'failed' }> {
  try {
    return await attemptCommit(deps, a, group, priority)
  } catch (error) {
    if (!isUnknownOutcome(error)) throw error
    deps.log.warn(
      { err: error, account: a, changes: group.length },
      'commit attempt with unknown outcome, again',
    )
    return { kind: 'failed' }
  }
}

function settle(deps: CommitDeps, group: readonly Queued[], attempt: Attempt & { kind: 'committed' }): void {
  const { head, decisions, fresh } = attempt
  for (const [at, queued] of group.entries())
    queued.resolve({ epoch: head.epoch, decisions: decisions[at] ?? [] })
  if (fresh.length === 0) return
  const askedBy = new Map(group.map((queued) => [queued.source.src, queued.inTrace]))
  deps.afterCommit(head, fresh, new Map(group.map(({ source }) => [source.src, source])), (src, run) => {
    const inTrace = askedBy.get(src)
    return inTrace ? inTrace(run) : run()
  })
}
