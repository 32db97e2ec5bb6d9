import { deliveryReported } from '@heed/events'
import type { Bus, Consuming, Verdict } from '@heed/nats'
import { batcher, systemTimers } from '@heed/service'
import type { ServerClock } from './dispatch/server-clock.ts'
import type { ReportedReceipt } from './store/text-outcomes.ts'
import type { TextStore } from './store/text-store.ts'

/** Keeps what status callbacks tell of this app's attempts, and resolves unknown texts by it. */
export function startReceipts(deps: {
  readonly app: string
  readonly bus: Pick<Bus, 'consume'>
  readonly texts: Pick<TextStore, 'report'>
  readonly serverClock: ServerClock
  /** Every app hears of every attempt. */
  readonly isOwnAttempt: (attemptId: string) => boolean
  readonly onRefusal: () => void
}): Consuming {
  const reports = batcher<ReportedReceipt, void>({
    itemsMax: 500,
    batchesMax: 1,
    timers: systemTimers,
    run: async (receipts) => {
      await deps.texts.report(receipts, deps.serverClock.now())
      return receipts.map(() => undefined)
    },
  })
  const options = { durable: `${deps.app}_delivery`, concurrency: 256, maxAckPending: 4_096 }
  return deps.bus.consume(deliveryReported, options, async (event): Promise<Verdict> => {
    if (!deps.isOwnAttempt(event.attemptId)) return 'ack'
    const { account, attemptId, providerId, status, errorCode, at } = event
    await reports.add({ a: account, attemptId, providerId, status, errorCode, at })
    if (errorCode !== undefined) deps.onRefusal()
    return 'ack'
  })
}
