import type { AccountKeywords } from '@heed/keywords'
import { AccountId, PhoneNumber } from '@heed/phone'
import { z } from 'zod'
import type { InboundMessage } from './inbound-message.ts'
import { readIntent } from './read-intent.ts'

/** A text that asked for an opt-out or an opt-in, with what compliance needs to decide it again. */
export const RecalledText = z.strictObject({
  /** Whose it was; null where that is for compliance to say, by the business number. */
  accountId: AccountId.nullable(),
  source: z.string(),
  number: PhoneNumber,
  businessNumber: PhoneNumber,
  intent: z.enum(['opt-out', 'opt-in']),
  cause: z.string(),
  onlyIfBlocked: z.boolean(),
  sentAt: z.iso.datetime().optional(),
  message: z.strictObject({
    text: z.string(),
    carrier: z.string(),
    carrierAccount: z.string(),
    carrierMessageId: z.string(),
    receivedAt: z.iso.datetime(),
  }),
})
export type RecalledText = z.infer<typeof RecalledText>

/**
 * Reads a text again, or null where it asked for neither. What it was read as when it was settled stands, whatever
 * the account's keywords have become.
 */
export function recalledText(
  message: InboundMessage,
  known: { account: string | null; intent?: string; keywords?: AccountKeywords | undefined },
): RecalledText | null {
  const reading = readIntent(message, known.keywords)
  const intent = known.intent ?? reading.intent
  const number = PhoneNumber.safeParse(message.from).data
  const businessNumber = PhoneNumber.safeParse(message.to).data
  if ((intent !== 'opt-out' && intent !== 'opt-in') || !number || !businessNumber) return null
  return {
    accountId: AccountId.safeParse(known.account).data ?? null,
    source: message.id,
    number,
    businessNumber,
    intent,
    cause: reading.intent === intent ? reading.cause : 'account-keyword',
    onlyIfBlocked: reading.intent === intent && reading.onlyIfBlocked,
    ...(message.sentAt === undefined ? {} : { sentAt: message.sentAt }),
    message: {
      text: message.text.slice(0, 20_000),
      carrier: 'twilio',
      carrierAccount: message.carrierAccount,
      carrierMessageId: message.id,
      receivedAt: message.receivedAt,
    },
  }
}
