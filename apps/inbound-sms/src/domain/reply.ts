import type { InboundMessage } from './inbound-message.ts'

/**
 * An answer to a keyword. `confirmation` and `help` are the two that a block does not stop (design: the one
 * confirmation of a STOP, and an answer to HELP); `welcome` answers a START and is bound by blocks.
 */
export interface Reply {
  readonly kind: 'confirmation' | 'help' | 'welcome'
  readonly text: string
}

/** A confirmation is sent within five minutes or not at all (47 CFR 64.1200(a)(12)). */
const replyWithinMs = 5 * 60_000
/** How long a carrier may keep a late reply in its queue; it counts into the five minutes. */
export const replyValiditySeconds = 60

/** Whether a reply that missed the webhook's answer may still be sent as a text of its own. */
export function mayReplyLate(
  message: Pick<InboundMessage, 'receivedAt' | 'sentAt'>,
  kind: Reply['kind'],
  nowMs: number,
): boolean {
  if (kind === 'welcome') return false
  const since = Date.parse(message.sentAt ?? message.receivedAt)
  return nowMs - since <= replyWithinMs - replyValiditySeconds * 1_000
}
