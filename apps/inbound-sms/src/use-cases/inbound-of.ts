import type { Clock } from '@heed/service'
import type { TwilioMessage } from '@heed/twilio'
import type { InboundMessage } from '../domain/inbound-message.ts'

/** A message of the carrier's list as a webhook would have told it, and with the time at which it was taken in. */
export function inboundOf(
  { sid, from, to, body, dateCreated }: TwilioMessage,
  { carrierAccount, clock }: { carrierAccount: string; clock: Clock },
): InboundMessage {
  return {
    id: sid,
    carrierAccount,
    from: from ?? '',
    to,
    text: body,
    receivedAt: new Date(clock.now()).toISOString(),
    sentAt: dateCreated.toISOString(),
    via: 'poll',
  }
}
