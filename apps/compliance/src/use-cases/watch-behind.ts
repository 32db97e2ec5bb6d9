import type { Clock, RaiseAlarm } from '@heed/service'
import type { ComplianceMetrics } from '../metrics.ts'
import type { ConsentStores } from '../store/stores.ts'
import type { Behind } from '../store/unfinished-heads.ts'

const alarmAfterMs = 60_000
/** While NATS is away every account is behind; the oldest change is looked for in some of them. */
const lookedIntoMax = 50

/** Measures how far folds and publications are behind the commits, and alarms where they do not come on. */
export function watchBehind(deps: {
  stores: {
    heads: Pick<ConsentStores['heads'], 'behind'>
    ledger: Pick<ConsentStores['ledger'], 'after'>
  }
  metrics: Pick<ComplianceMetrics, 'behindRevs' | 'behindSeconds'>
  raise: RaiseAlarm
  clock: Clock
}): () => Promise<void> {
  const { stores, metrics, raise, clock } = deps
  const unpublishedSince = async (behind: readonly Behind[]) => {
    const unpublished = behind.filter((one) => one.unpublished > 0).slice(0, lookedIntoMax)
    const rows = await Promise.all(
      unpublished.map(({ accountId, published }) => stores.ledger.after(accountId, published, 1)),
    )
    return rows.flat().map(({ at }) => at)
  }
  const tell = (step: 'fold' | 'publish', revs: number, since: readonly Date[]) => {
    const oldest = Math.min(clock.now(), ...since.map((at) => at.getTime()))
    const ageMs = clock.now() - oldest
    metrics.behindRevs.set({ step }, revs)
    metrics.behindSeconds.set({ step }, ageMs / 1_000)
    if (ageMs > alarmAfterMs) raise(`${step}-behind`, { changes: revs, oldestMs: ageMs })
  }
  return async () => {
    const behind = await stores.heads.behind()
    const sum = (read: (one: Behind) => number) => behind.reduce((total, one) => total + read(one), 0)
    tell(
      'fold',
      sum(({ unfolded }) => unfolded),
      behind.flatMap(({ unfoldedSince }) => unfoldedSince ?? []),
    )
    tell(
      'publish',
      sum(({ unpublished }) => unpublished),
      await unpublishedSince(behind),
    )
  }
}
