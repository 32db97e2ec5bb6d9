import type { Clock, Logger } from '@heed/service'
import type { TwilioMessage } from '@heed/twilio'
import type { Carrier } from '../clients/carrier.ts'
import type { Compliance } from '../clients/compliance.ts'
import type { InboundMetrics } from '../metrics.ts'
import type { ArrivalStore } from '../store/arrivals.ts'
import type { KeptMessageStore } from '../store/kept-messages.ts'
import type { Owners } from '../store/owners.ts'
import type { PollStore } from '../store/polls.ts'
import { inboundOf } from './inbound-of.ts'
import type { Inbox } from './inbox.ts'

/** A message that the carrier shows late, or a clock of ours that is wrong, is found all the same. */
const lookBackMs = 2 * 60 * 60_000
const batchSize = 200
const numbersAtOnce = 4

export interface ReconcileDeps {
  readonly carrier: Pick<Carrier, 'listMessages'>
  readonly carrierAccount: string
  readonly compliance: Pick<Compliance, 'businessNumbers'>
  readonly owners: Pick<Owners, 'find' | 'numbers' | 'remember'>
  readonly kept: () => Pick<KeptMessageStore, 'unownedNumbers'>
  readonly arrivals: () => Pick<ArrivalStore, 'known'>
  readonly polls: () => PollStore
  readonly inbox: Pick<Inbox, 'take'>
  readonly metrics: Pick<InboundMetrics, 'reconcileFound'>
  readonly everyMs: number
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Reads the carrier's list of messages to our business numbers over the last two hours, and back to two hours
 * before the last poll that was finished; what no webhook brought goes the way of a webhook. One instance does
 * so in each interval, and each instance once at its start.
 */
export function reconcile(deps: ReconcileDeps): (signal: AbortSignal) => Promise<void> {
  let mustRun = true

  const take = async (message: TwilioMessage): Promise<void> => {
    const { journaled, outcome } = deps.inbox.take(inboundOf(message, deps))
    if (await journaled) return
    if ((await outcome).state === 'waiting') throw new Error('a text that was found is not durable yet')
  }

  const takeUnknown = async (number: string, batch: readonly TwilioMessage[]): Promise<void> => {
    const account = deps.owners.find(number)?.account
    const known = await deps.arrivals().known(
      account,
      batch.map(({ sid }) => sid),
    )
    const found = batch.filter(({ sid }) => !known.has(sid))
    if (found.length === 0) return
    deps.metrics.reconcileFound.inc(found.length)
    deps.log.warn({ found: found.length }, 'texts were found that no webhook had brought')
    // The list is newest first; what was sent first is told first.
    for (const message of found.reverse()) await take(message)
  }

  const pollNumber = async (number: string, since: Date, signal: AbortSignal): Promise<void> => {
    let batch: TwilioMessage[] = []
    for await (const message of deps.carrier.listMessages({ to: number, dateSentAfter: since, signal })) {
      if (message.direction !== 'inbound') continue
      batch.push(message)
      if (batch.length < batchSize) continue
      await takeUnknown(number, batch)
      batch = []
    }
    if (batch.length > 0) await takeUnknown(number, batch)
  }

  return async (signal) => {
    const startedAt = new Date(deps.clock.now())
    const isOurs = await deps.polls().claim(deps.carrierAccount, startedAt, deps.everyMs)
    if (!isOurs && !mustRun) return
    mustRun = true
    const polledUntil = await deps.polls().polledUntil(deps.carrierAccount)
    const since = new Date(
      Math.min(startedAt.getTime(), polledUntil?.getTime() ?? Number.POSITIVE_INFINITY) - lookBackMs,
    )
    const numbers = (await businessNumbers(deps))[Symbol.iterator]()
    const worker = async () => {
      for (const number of numbers) await pollNumber(number, since, signal)
    }
    const workers = await Promise.allSettled(Array.from({ length: numbersAtOnce }, worker))
    for (const ended of workers) if (ended.status === 'rejected') throw ended.reason
    await deps.polls().finish(deps.carrierAccount, startedAt)
    mustRun = false
  }
}

/** Those that compliance knows, those that it knew, and those that texts came to without an owner. */
async function businessNumbers(deps: ReconcileDeps): Promise<Set<string>> {
  const numbers = new Set([...deps.owners.numbers(), ...(await deps.kept().unownedNumbers())])
  try {
    for await (const { number, account } of deps.compliance.businessNumbers()) {
      deps.owners.remember(number, { account })
      numbers.add(number)
    }
  } catch (error) {
    deps.log.warn({ err: error }, 'polling for the business numbers known before: compliance is away')
    if (numbers.size === 0) throw error
  }
  return numbers
}
