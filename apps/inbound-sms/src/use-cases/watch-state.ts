import type { Clock, RaiseAlarm } from '@heed/service'
import type { Lane } from '../domain/journal-entry.ts'
import { mayBeOptOut } from '../domain/read-intent.ts'
import type { InboundMetrics } from '../metrics.ts'
import type { Journal } from '../store/journal.ts'
import type { KeptMessageStore } from '../store/kept-messages.ts'
import type { PollStore } from '../store/polls.ts'

const entriesAlarm = 10_000
const oldestAlarmMs = 5 * 60_000
const optOutAlarmMs = 60_000
const claimsForMs = 24 * 60 * 60_000
const lanes: readonly Lane[] = ['commit', 'store', 'publish']
const pageSize = 256
/** Beyond so many entries the age of the oldest is alarm enough. */
const lookedIntoMax = 2_560
/** Polls that may be missed before an alarm; on a test's short interval a minute. */
const pollsMissedMax = 3
const pollAlarmLeastMs = 60_000

export interface WatchDeps {
  readonly journal: Pick<Journal, 'stats' | 'isUsable' | 'forgetClaims' | 'page'>
  readonly kept: () => Pick<KeptMessageStore, 'counts'>
  readonly polls: () => Pick<PollStore, 'polledUntil'>
  readonly carrierAccount: string
  readonly reconcileEveryMs: number
  readonly metrics: Pick<
    InboundMetrics,
    'journalUsable' | 'journalEntries' | 'journalOldestSeconds' | 'kept' | 'reconciledAt'
  >
  readonly raise: RaiseAlarm
  readonly clock: Clock
}

/** Measures what waits, and alarms when it is too much, too old, or waits for a person. */
export function watchState(deps: WatchDeps) {
  return {
    watchJournal: watchJournal(deps),
    async watchKept(): Promise<void> {
      const counts = await deps.kept().counts()
      for (const [because, count] of Object.entries(counts)) deps.metrics.kept.set({ because }, count)
      if (counts.unowned > 0) deps.raise('texts-unowned', { texts: counts.unowned })
      if (counts.unusable + counts.refused > 0) {
        deps.raise('texts-unusable', { texts: counts.unusable + counts.refused })
      }
    },
    watchPoll: watchPoll(deps),
  }
}

function watchJournal({ journal, metrics, raise, clock }: WatchDeps) {
  const tellLane = (lane: Lane, entries: number, ageMs: number) => {
    metrics.journalEntries.set({ lane }, entries)
    metrics.journalOldestSeconds.set({ lane }, ageMs / 1_000)
    if (entries > entriesAlarm || ageMs > oldestAlarmMs) {
      raise('journal-behind', { lane, entries, oldestMs: ageMs })
    }
  }
  /** A START may wait for its carrier; an opt-out must not wait. */
  const oldestOptOutMs = async (now: number): Promise<number | null> => {
    for (let after = 0, seen = 0; seen < lookedIntoMax; seen += pageSize) {
      const { entries, last } = await journal.page('commit', after, pageSize)
      for (const { body, at } of entries) {
        if (now - at <= optOutAlarmMs) return null
        if (body.kind === 'refusal' || (body.kind === 'message' && mayBeOptOut(body.message))) return now - at
      }
      if (last === after) return null
      after = last
    }
    return null
  }
  return async (): Promise<void> => {
    const now = clock.now()
    const stats = await journal.stats().catch(() => null)
    metrics.journalUsable.set(journal.isUsable() ? 1 : 0)
    if (stats === null) return raise('journal-unusable')
    for (const lane of lanes) {
      const { entries, oldestAt } = stats[lane]
      tellLane(lane, entries, oldestAt === null ? 0 : now - oldestAt)
    }
    if (now - (stats.commit.oldestAt ?? now) > optOutAlarmMs) {
      const ageMs = await oldestOptOutMs(now)
      if (ageMs !== null) raise('opt-out-waits', { oldestMs: ageMs, entries: stats.commit.entries })
    }
    await journal.forgetClaims(now - claimsForMs)
  }
}

/** By the database, because in each interval another instance may have read the list. */
function watchPoll({ polls, carrierAccount, reconcileEveryMs, metrics, raise, clock }: WatchDeps) {
  let last = clock.now()
  return async (): Promise<void> => {
    // While the database is away nothing is read either, so what was known stands.
    const polledUntil = await (async () => polls().polledUntil(carrierAccount))().catch(() => null)
    if (polledUntil) {
      metrics.reconciledAt.set(polledUntil.getTime() / 1_000)
      last = Math.max(last, polledUntil.getTime())
    }
    const sinceMs = clock.now() - last
    const alarmAfterMs = Math.max(pollAlarmLeastMs, pollsMissedMax * reconcileEveryMs)
    if (sinceMs > alarmAfterMs) raise('reconcile-late', { sinceMs })
  }
}
