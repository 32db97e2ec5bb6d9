import type { Clock, Logger } from '@heed/service'
import type { Carrier } from '../clients/carrier.ts'
import type { InboundMessage } from '../domain/inbound-message.ts'
import { mayReplyLate, type Reply, replyValiditySeconds } from '../domain/reply.ts'
import type { InboundMetrics } from '../metrics.ts'
import type { Journal } from '../store/journal.ts'

/**
 * Sends as a text of its own what no webhook was there to be answered with: within five minutes of the message,
 * in one attempt that is on record before it is made, so at most once for each message. Never fails.
 */
export function sendLateReply(deps: {
  journal: Pick<Journal, 'claim'>
  carrier: Pick<Carrier, 'text'>
  metrics: Pick<InboundMetrics, 'lateReplies'>
  clock: Clock
  log: Logger
}): (message: InboundMessage, reply: Reply) => Promise<void> {
  const attempt = async (message: InboundMessage, reply: Reply) => {
    const isFirst = await deps.journal.claim(`reply:${message.id}`, deps.clock.now()).catch(() => false)
    if (!isFirst) return 'not-claimed'
    if (!mayReplyLate(message, reply.kind, deps.clock.now())) return 'too-late'
    return deps.carrier.text({
      from: message.to,
      to: message.from,
      body: reply.text,
      validityPeriodSeconds: replyValiditySeconds,
    })
  }
  return async (message, reply) => {
    const outcome = await attempt(message, reply)
    deps.metrics.lateReplies.inc({ kind: reply.kind, outcome })
    if (outcome !== 'accepted') {
      deps.log.info({ message: message.id, kind: reply.kind, outcome }, 'a late reply was not sent')
    }
  }
}
