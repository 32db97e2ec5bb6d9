import { deliveryReported } from '@heed/events'
import type { Bus } from '@heed/nats'
import { backoffMs, type Clock, type Logger } from '@heed/service'
import { RefusedByComplianceError } from '../clients/compliance.ts'
import type { CarrierRefusal, JournalEntry, Lane } from '../domain/journal-entry.ts'
import type { ArrivalStore } from '../store/arrivals.ts'
import type { Journal } from '../store/journal.ts'
import type { Inbox } from './inbox.ts'

const pageSize = 64
const atOnce = 8
const carrierBackoff = { firstMs: 1_000, maxMs: 60_000 }

/** The work is not done and may be later; the loop that ran it waits a while. */
class StillWaitingError extends Error {
  override name = 'StillWaitingError'
}

type Step = (entry: JournalEntry) => Promise<void>

/**
 * Brings what waits in one lane of the journal a step further, from where the last run stopped, so that an
 * entry that always fails never keeps the ones behind it waiting. An error ends the run after its page.
 */
function drainLane(journal: Pick<Journal, 'page'>, lane: Lane, step: Step) {
  let after = 0
  return async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const { entries, last } = await journal.page(lane, after, pageSize)
      if (last === after) {
        after = 0
        return
      }
      after = last
      const failed = await inParallel(entries, step, signal)
      if (failed.length > 0) throw failed[0]
    }
  }
}

async function inParallel(
  entries: readonly JournalEntry[],
  step: Step,
  signal: AbortSignal,
): Promise<unknown[]> {
  const failures: unknown[] = []
  const rest = entries[Symbol.iterator]()
  const worker = async () => {
    for (const entry of rest) {
      if (signal.aborted) return
      await step(entry).catch((error: unknown) => failures.push(error))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return failures
}

/** Commits with compliance what no webhook's own attempt committed. */
export function commitWaiting(deps: {
  journal: Pick<Journal, 'page' | 'remove'>
  inbox: Pick<Inbox, 'resume'>
  refuse: (refusal: CarrierRefusal) => Promise<void>
  clock: Clock
  random: () => number
  log: Logger
}) {
  const resting = new Map<string, { failures: number; until: number }>()
  return drainLane(deps.journal, 'commit', async ({ id, body }) => {
    if (body.kind === 'refusal') {
      await deps.refuse(body.refusal).catch((error: unknown) => {
        if (!(error instanceof RefusedByComplianceError)) throw error
        deps.log.error({ err: error }, 'compliance does not take a carrier refusal as it is')
      })
      return deps.journal.remove(id)
    }
    const rest = resting.get(id)
    if (body.kind !== 'message' || (rest && deps.clock.monoMs() < rest.until)) return
    const outcome = await deps.inbox.resume(body.message)
    if (outcome?.state !== 'waiting') {
      resting.delete(id)
      return
    }
    if (outcome.for === 'compliance') throw new StillWaitingError('compliance does not answer')
    const failures = rest?.failures ?? 0
    const until = deps.clock.monoMs() + backoffMs(failures, carrierBackoff, deps.random)
    resting.set(id, { failures: failures + 1, until })
  })
}

/** Stores what is settled and did not reach the collection of what arrived. */
export function storeWaiting(deps: {
  journal: Pick<Journal, 'page' | 'remove'>
  arrivals: () => Pick<ArrivalStore, 'store'>
}) {
  return drainLane(deps.journal, 'store', async ({ id, body }) => {
    if (body.kind === 'message' && body.settlement) {
      await deps.arrivals().store(body.message, body.settlement)
    }
    await deps.journal.remove(id)
  })
}

/** Publishes the receipts that NATS did not take when they came. */
export function publishWaiting(deps: {
  journal: Pick<Journal, 'page' | 'remove'>
  bus: Pick<Bus, 'publish'>
}) {
  return drainLane(deps.journal, 'publish', async ({ id, body }) => {
    if (body.kind === 'receipt') await deps.bus.publish(deliveryReported, body.event.account, body.event)
    await deps.journal.remove(id)
  })
}
