import { contactsChanged, deliveryReported } from '@heed/events'
import { type Bus, type Consuming, startAccountEvents, type Verdict } from '@heed/nats'
import type { OutboundOptions } from '@heed/outbound'
import type { AccountId } from '@heed/phone'
import { type Logger, startLoop } from '@heed/service'
import { enrolmentOfAttempt } from './domain/enrolment.ts'
import type { SequenceDocument } from './store/sequence-document.ts'
import type { Sequences } from './store/sequences.ts'
import type { CarryOn } from './use-cases/carry-on.ts'
import type { Texting } from './use-cases/texting.ts'
import { carryOnAll } from './use-cases/tidy.ts'

type OnSettled = NonNullable<OutboundOptions<SequenceDocument>['onSettled']>

/**
 * Brings enrolments on as soon as their texts have ended, many at a time. What a crash or a failure loses here the
 * sweep finds by the rows.
 */
export function startSettledTexts(deps: { carryOn: CarryOn; log: Logger }): AsyncDisposable & {
  onSettled: OnSettled
} {
  let settled: (readonly [AccountId, string])[] = []
  const loop = startLoop({
    name: 'settled texts',
    everyMs: 60_000,
    log: deps.log,
    run: async () => {
      const taken = settled
      settled = []
      await carryOnAll(deps.carryOn, taken)
    },
  })
  return {
    onSettled({ a, owner }) {
      settled.push([a, owner])
      loop.wake()
    },
    [Symbol.asyncDispose]: () => loop[Symbol.asyncDispose](),
  }
}

/**
 * Takes receipts over into the counts of steps that were unknown. The row is resolved first, so that whoever looks
 * at the enrolment afterwards finds it resolved; outbound does the same by itself, and once is enough.
 */
export function startReceipts(deps: {
  readonly bus: Pick<Bus, 'consume'>
  readonly outbound: Pick<Texting, 'texts' | 'now'>
  readonly carryOn: CarryOn
}): Consuming {
  const options = { durable: 'sequence_receipts', concurrency: 32 }
  return deps.bus.consume(deliveryReported, options, async (event): Promise<Verdict> => {
    const enrolmentId = enrolmentOfAttempt(event.attemptId)
    if (enrolmentId === null) return 'ack'
    const { account: a, attemptId, providerId, status, errorCode, at } = event
    await deps.outbound.texts.report(
      [{ a, attemptId, providerId, status, errorCode, at }],
      deps.outbound.now(),
    )
    await deps.carryOn(a, [enrolmentId])
    return 'ack'
  })
}

const accountsPerPage = 500

/** Follows tags that enrol: at once where an event tells of an account, and every account that has such sequences every so often. */
export function startTriggers(deps: {
  bus: Pick<Bus, 'subscribe'>
  sequences: Pick<Sequences, 'triggeredAccounts'>
  follow: (a: AccountId, signal: AbortSignal) => Promise<boolean>
  everyMs: number
  log: Logger
}): AsyncDisposable {
  const events = startAccountEvents({ ...deps, contract: contactsChanged, catchUp: deps.follow })
  const sweep = startLoop({
    name: 'triggers',
    everyMs: deps.everyMs,
    log: deps.log,
    run: async (signal) => {
      for (let after = ''; !signal.aborted; ) {
        const page = await deps.sequences.triggeredAccounts(after, accountsPerPage)
        events.tell(page)
        after = page.at(-1) ?? ''
        if (page.length < accountsPerPage) return
      }
    },
  })
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all([sweep[Symbol.asyncDispose](), events[Symbol.asyncDispose]()])
    },
  }
}
