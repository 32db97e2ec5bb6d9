import { type FormEntry, formParams } from '@heed/twilio'
import { z } from 'zod'

/** A text that a person sent to a business number, as the carrier told it, word for word. */
export const InboundMessage = z.object({
  /** The carrier's message id: the source of what the text does. */
  id: z.string(),
  carrierAccount: z.string(),
  /** As told: usually E.164, but a short code or a name cannot be ruled out. */
  from: z.string(),
  to: z.string(),
  text: z.string(),
  /** What the carrier took the text for; it has replied already. */
  optOutType: z.enum(['STOP', 'START', 'HELP']).optional(),
  messagingService: z.string().optional(),
  mediaCount: z.int().optional(),
  receivedAt: z.iso.datetime(),
  /** When the carrier took it in; only the carrier's own API tells it. */
  sentAt: z.iso.datetime().optional(),
  via: z.enum(['webhook', 'poll']),
})
export type InboundMessage = z.infer<typeof InboundMessage>

const sourceShape = /^[\x21-\x7e]{1,90}$/
const optOutTypes: Readonly<Record<string, InboundMessage['optOutType']>> = {
  STOP: 'STOP',
  START: 'START',
  HELP: 'HELP',
}

/**
 * Reads a signed webhook and never fails: what is missing or odd is no reason to lose a STOP. `fallback` gives
 * the message id where the form has none that can be used, and the carrier account likewise.
 */
export function readInboundMessage(
  entries: readonly FormEntry[],
  fallback: { id: string; carrierAccount: string; receivedAt: string },
): InboundMessage {
  const form = formParams(entries)
  const read = (name: string): string => [form[name]].flat()[0] ?? ''
  const id = [read('MessageSid'), read('SmsMessageSid'), read('SmsSid')].find((sid) => sourceShape.test(sid))
  const account = read('AccountSid')
  const optOutType = optOutTypes[read('OptOutType').trim().toUpperCase()]
  const messagingService = read('MessagingServiceSid')
  const media = read('NumMedia')
  return {
    id: id ?? fallback.id,
    carrierAccount: /^[\x21-\x7e]{1,64}$/.test(account) ? account : fallback.carrierAccount,
    from: read('From').trim(),
    to: read('To').trim(),
    // A tap on an RCS button may come without a body.
    text: read('Body') || read('ButtonText'),
    ...(optOutType ? { optOutType } : {}),
    ...(messagingService ? { messagingService } : {}),
    ...(/^\d{1,4}$/.test(media) && media !== '0' ? { mediaCount: Number(media) } : {}),
    receivedAt: fallback.receivedAt,
    via: 'webhook',
  }
}
