import type { consentChanged, EventOf } from '@heed/events'
import type { Clock, Logger, RaiseAlarm } from '@heed/service'
import type { ComplianceMetrics } from '../metrics.ts'
import type { AccountStore } from '../store/accounts.ts'
import type { NationalListStore } from '../store/national-lists.ts'
import type { SendingsStore } from '../store/sendings.ts'
import type { SettingsStore } from '../store/settings.ts'
import type { ConsentStores } from '../store/stores.ts'
import { accountUseCases, knownAccounts, type RandomHex } from './accounts.ts'
import { auditClearances } from './audit-clearances.ts'
import { backgroundWork } from './background-work.ts'
import { checkClearance } from './check-clearance.ts'
import { type AfterCommit, type CommitQueue, commitQueue, waitingMax } from './commit-queue.ts'
import { consentChanges, consentHistory, consentList, consentStatus } from './consent-queries.ts'
import { foldAccount } from './fold-account.ts'
import { nationalListUseCases } from './national-lists.ts'
import { optIn } from './opt-in.ts'
import { optOut } from './opt-out.ts'
import { relayChanges } from './relay-changes.ts'
import { confirmReview, listReviews, undoReview } from './reviews.ts'
import { safeReadBy } from './safe-read.ts'
import { settingsUseCases } from './settings.ts'
import { sharedReads } from './shared-reads.ts'
import { soon } from './soon.ts'
import { takeFrequency } from './take-frequency.ts'
import type { UseCases } from './use-cases.ts'
import { watchBehind } from './watch-behind.ts'

/** Commits of so long are folded together: a fold costs several times what it adds to a commit. */
const foldAfterMs = 50

/** Time, chance, transport and database are arguments, so that a simulation runs just this code. */
export interface Surroundings {
  readonly stores: ConsentStores
  readonly accounts: AccountStore
  readonly settings: SettingsStore
  readonly sendings: SendingsStore
  readonly nationalLists: NationalListStore
  /** `acknowledgedAt`: when its caller was told, ms since 1970; absent for what is published later. */
  readonly publish: (event: EventOf<typeof consentChanged>, acknowledgedAt?: number) => Promise<void>
  readonly headsPerRead: number
  readonly clock: Clock
  readonly random: () => number
  readonly randomHex: RandomHex
  readonly wait: (ms: number) => Promise<void>
  readonly after: (ms: number, run: () => void) => void
  readonly metrics: ComplianceMetrics
  readonly raise: RaiseAlarm
  readonly log: Logger
}

export function composeUseCases(around: Surroundings) {
  const { stores, accounts, clock, randomHex, metrics, raise, log } = around
  const fold = foldAccount({
    stores,
    onStopped(account, err) {
      metrics.foldsStopped.inc()
      raise('fold-stopped', { account, err })
    },
  })
  const relay = relayChanges({
    stores,
    after: around.after,
    now: clock.now,
    publish: async (event, acknowledgedAt) => {
      await around.publish(event, acknowledgedAt)
      metrics.publishSeconds.observe(Math.max(0, clock.now() - Date.parse(event.at)) / 1000)
    },
  })
  const background = backgroundWork(log)
  const foldSoon = soon({ after: around.after, delayMs: foldAfterMs })
  const afterCommit: AfterCommit = (head, entries, sources, inTrace) => {
    background.add(head.a, 'publish', relay.offer(head, entries, sources, inTrace))
    background.add(
      head.a,
      'fold',
      foldSoon(head.a, () => fold(head.a)),
    )
    for (const { list, outcome } of entries) metrics.committed.inc({ list, outcome })
  }
  const commits = commitQueue({ ...around, fold, afterCommit })
  const settings = settingsUseCases({ accounts, settings: around.settings, heads: stores.heads, clock })
  const read = safeReadBy(stores, around.headsPerRead)
  const known = knownAccounts(accounts)
  const deps = {
    known,
    settings,
    commits: timed(commits, { metrics, clock }),
    clock,
    randomHex,
    wait: around.wait,
    stores,
  }
  const queries = { stores, fold }
  const useCases: UseCases = {
    accounts: accountUseCases({ accounts, known, heads: stores.heads, settings, clock, randomHex }),
    settings,
    audit: auditClearances({ stores }),
    check: checkClearance({ read: sharedReads({ read, after: around.after }), log }),
    consent: {
      optOut: optOut({ ...deps, reviews: stores.reviews }),
      optIn: optIn(deps),
      status: consentStatus(queries),
      history: consentHistory(queries),
      changes: consentChanges(queries),
      list: consentList(queries),
    },
    national: nationalListUseCases({ stores, lists: around.nationalLists, clock }),
    takeFrequency: takeFrequency({ known, sendings: around.sendings, clock }),
    reviews: { list: listReviews(deps), confirm: confirmReview(deps), undo: undoReview(deps) },
  }
  return {
    useCases,
    fold,
    relay,
    watchBehind: watchBehind({ stores, metrics, raise, clock }),
    queues: {
      'commits-live': { depth: () => commits.longest('live'), max: waitingMax },
      'commits-import': { depth: () => commits.longest('import'), max: waitingMax },
    },
    settled: background.settled,
  }
}

function timed(
  commits: Pick<CommitQueue, 'submit'>,
  { metrics, clock }: Pick<Surroundings, 'metrics' | 'clock'>,
): Pick<CommitQueue, 'submit'> {
  return {
    async submit(accountId, request, priority) {
      const startedAt = clock.monoMs()
      const committed = await commits.submit(accountId, request, priority)
      metrics.commitSeconds.observe({ priority }, (clock.monoMs() - startedAt) / 1000)
      return committed
    },
  }
}
