import { z } from 'zod'

/**
 * An id of Twilio's: two letters for the kind and 32 hex digits, as of today. Only what we rely on is asked
 * for, that it can stand in an id of ours: an opt-out is not refused over the look of its id.
 */
export const TwilioSid = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)

const Address = z.string().min(1).max(256)
const Count = z
  .string()
  .regex(/^\d{1,4}$/)
  .transform(Number)

/**
 * The form of an inbound message (https://www.twilio.com/docs/messaging/guides/webhook-request). Fields that
 * are not named here are let through: Twilio adds some without notice. What is not needed to know an opt-out
 * is never a reason to refuse one.
 */
export const InboundMessageForm = z.looseObject({
  MessageSid: TwilioSid,
  AccountSid: TwilioSid,
  From: Address,
  To: Address,
  Body: z.string().default(''),
  MessagingServiceSid: z.string().optional().catch(undefined),
  /** Set by Advanced Opt-Out, which has replied already. */
  OptOutType: z.enum(['STOP', 'START', 'HELP']).optional().catch(undefined),
  NumMedia: Count.optional().catch(undefined),
  NumSegments: Count.optional().catch(undefined),
})
export type InboundMessageForm = z.infer<typeof InboundMessageForm>

/** The form of a status callback (https://www.twilio.com/docs/messaging/guides/track-outbound-message-status). */
export const StatusCallbackForm = z.looseObject({
  MessageSid: TwilioSid,
  AccountSid: TwilioSid,
  MessageStatus: z.string().min(1).max(32),
  From: Address.optional(),
  To: Address,
  ErrorCode: z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .optional()
    .catch(undefined),
})
export type StatusCallbackForm = z.infer<typeof StatusCallbackForm>
