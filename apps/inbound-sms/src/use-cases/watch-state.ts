import type { Clock, Logger } from '@heed/service'
import type { Lane } from '../domain/journal-entry.ts'
import type { InboundMetrics } from '../metrics.ts'
import type { Journal } from '../store/journal.ts'
import type { KeptMessageStore } from '../store/kept-messages.ts'

const entriesAlarm = 10_000
const oldestAlarmMs = 5 * 60_000
const alarmEveryMs = 60_000
const claimsForMs = 24 * 60 * 60_000
const lanes: readonly Lane[] = ['commit', 'store', 'publish']

/** Measures what waits, and says so when it is too much, too old, or waits for a person. */
export function watchState(deps: {
  journal: Pick<Journal, 'stats' | 'isUsable' | 'forgetClaims'>
  kept: () => Pick<KeptMessageStore, 'counts'>
  metrics: InboundMetrics
  clock: Clock
  log: Logger
}) {
  const alarm = alarmAtMost(deps)
  const watchJournal = async () => {
    const now = deps.clock.now()
    const stats = await deps.journal.stats().catch(() => null)
    deps.metrics.journalUsable.set(deps.journal.isUsable() ? 1 : 0)
    if (stats === null) return alarm('the journal cannot be used', {})
    for (const lane of lanes) {
      const { entries, oldestAt } = stats[lane]
      const ageMs = oldestAt === null ? 0 : now - oldestAt
      deps.metrics.journalEntries.set({ lane }, entries)
      deps.metrics.journalOldestSeconds.set({ lane }, ageMs / 1_000)
      if (entries > entriesAlarm || ageMs > oldestAlarmMs) {
        alarm(`the journal does not drain: ${lane}`, { entries, oldestMs: ageMs })
      }
    }
    await deps.journal.forgetClaims(now - claimsForMs)
  }
  const watchKept = async () => {
    const counts = await deps.kept().counts()
    for (const [because, count] of Object.entries(counts)) deps.metrics.kept.set({ because }, count)
    if (Object.values(counts).some((count) => count > 0)) {
      alarm('texts are kept that no account can have', counts)
    }
  }
  return { watchJournal, watchKept }
}

/** Logs a warning, each at most once a minute. */
function alarmAtMost({ clock, log }: { clock: Clock; log: Logger }) {
  const toldAt = new Map<string, number>()
  return (message: string, fields: object): void => {
    const last = toldAt.get(message)
    if (last !== undefined && clock.monoMs() - last < alarmEveryMs) return
    toldAt.set(message, clock.monoMs())
    log.warn(fields, message)
  }
}
