import { type consentProvisional, everyAccount } from '@heed/events'
import { PhoneNumber } from '@heed/phone'
import type { Clock, Timers } from '@heed/service'
import type { InboundMessage } from '../domain/inbound-message.ts'
import { readIntent } from '../domain/read-intent.ts'
import type { InboundMetrics } from '../metrics.ts'
import type { Journal } from '../store/journal.ts'
import type { Owners } from '../store/owners.ts'

const firstAfterMs = 100
export const hintEveryMs = 20_000
const pageSize = 256

export interface HintDeps {
  /** False where nothing could be sent. */
  readonly publish: (account: string, event: Parameters<typeof consentProvisional.messageId>[0]) => boolean
  readonly owners: Pick<Owners, 'find'>
  readonly journal: Pick<Journal, 'page'>
  readonly metrics: Pick<InboundMetrics, 'hints'>
  readonly clock: Clock
  readonly timers: Timers
}

/** Tells senders to hold a number whose opt-out compliance has not committed (protocol: on a hint). */
export function provisionalHints(deps: HintDeps) {
  /** True unless something should have been told and was not. */
  const publish = (message: InboundMessage): boolean => {
    const owner = deps.owners.find(message.to)
    const number = PhoneNumber.safeParse(message.from)
    if (!number.success || readIntent(message, owner?.keywords).intent !== 'opt-out') return true
    const account = owner?.account ?? everyAccount
    const isSent = deps.publish(account, {
      v: 1,
      account,
      number: number.data,
      source: message.id,
      at: new Date(deps.clock.now()).toISOString(),
    })
    if (isSent) deps.metrics.hints.inc()
    return isSent
  }
  let onMissed = () => {}
  return {
    /** Publishes the first hint unless disposed of within 100 ms. */
    soon(message: InboundMessage): Disposable {
      const cancel = deps.timers.after(firstAfterMs, () => {
        if (!publish(message)) onMissed()
      })
      return { [Symbol.dispose]: cancel }
    },

    /** Calls `run` where a first hint could not be sent: a round is due as soon as NATS is back. */
    whenMissed(run: () => void): void {
      onMissed = run
    },

    /** One round over every opt-out that waits in the journal; an error where NATS was not there. */
    async repeat(): Promise<void> {
      for (let after = 0; ; ) {
        const { entries, last } = await deps.journal.page('commit', after, pageSize)
        for (const { body, at } of entries) {
          const isDue = body.kind === 'message' && deps.clock.now() - at >= firstAfterMs
          if (isDue && !publish(body.message)) throw new Error('hints wait for NATS')
        }
        if (last === after) return
        after = last
      }
    },
  }
}
export type Hints = ReturnType<typeof provisionalHints>
