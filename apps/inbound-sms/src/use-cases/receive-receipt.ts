import { deliveryReported, tellsOptOut } from '@heed/events'
import type { Bus } from '@heed/nats'
import type { Clock, RaiseAlarm, Timers } from '@heed/service'
import { succeedsWithin } from '../deadline.ts'
import type { CarrierRefusal } from '../domain/journal-entry.ts'
import type { DeliveryReported } from '../domain/receipt.ts'
import type { InboundMetrics } from '../metrics.ts'
import type { Journal } from '../store/journal.ts'

const publishWithinMs = 600
const journalWithinMs = 300
const commitWithinMs = 300

export type ReceiptOutcome = 'published' | 'journaled' | 'lost'

/**
 * Tells of a receipt, or journals it while NATS does not take it. `lost` means that neither was possible, and
 * the carrier must not be told success. A receipt that says the person has opted out at the carrier blocks
 * the number on the `carrier` list, too.
 */
export function receiveReceipt(deps: {
  bus: Pick<Bus, 'publish'>
  journal: Pick<Journal, 'append'>
  refuse: (refusal: CarrierRefusal) => Promise<void>
  metrics: Pick<InboundMetrics, 'journalFailures'>
  clock: Clock
  timers: Timers
  raise: RaiseAlarm
}): (event: DeliveryReported) => Promise<ReceiptOutcome> {
  const journal = async (entry: Parameters<Journal['append']>[0]): Promise<boolean> => {
    const isWritten = await succeedsWithin(deps.journal.append(entry), journalWithinMs, deps.timers)
    if (!isWritten) {
      deps.metrics.journalFailures.inc()
      deps.raise('journal-unusable', { entry: entry.id })
    }
    return isWritten
  }
  const recordRefusal = async ({ providerId, account, number }: DeliveryReported): Promise<boolean> => {
    const refusal: CarrierRefusal = { source: `receipt:${providerId}`, account, number }
    const entry = { id: refusal.source, lane: 'commit', at: deps.clock.now() } as const
    if (await journal({ ...entry, body: { kind: 'refusal', refusal } })) return true
    return succeedsWithin(deps.refuse(refusal), commitWithinMs, deps.timers)
  }
  const tell = async (event: DeliveryReported): Promise<ReceiptOutcome> => {
    const publishing = (async () => deps.bus.publish(deliveryReported, event.account, event))()
    if (await succeedsWithin(publishing, publishWithinMs, deps.timers)) return 'published'
    const entry = { id: `receipt:${event.providerId}:${event.status}`, lane: 'publish' } as const
    const body = { kind: 'receipt', event } as const
    return (await journal({ ...entry, at: deps.clock.now(), body })) ? 'journaled' : 'lost'
  }
  return async (event) => {
    const isRefusal = tellsOptOut('twilio', 'receipt', event.errorCode)
    if (isRefusal && !(await recordRefusal(event))) return 'lost'
    return tell(event)
  }
}
