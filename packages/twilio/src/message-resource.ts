import { z } from 'zod'

/** Twilio's times have whole seconds: two of them tell an order only beyond this. */
export const twilioTimeResolutionMs = 1_000

export interface TwilioMessage {
  readonly sid: string
  /** When Twilio took the message in, to the second. */
  readonly dateCreated: Date
  readonly direction: string
  readonly from: string | null
  readonly to: string
  readonly body: string
  readonly status: string
  readonly errorCode: number | null
}

const Rfc2822 = z.string().transform((text, context) => {
  const time = Date.parse(text)
  if (!Number.isNaN(time)) return new Date(time)
  context.addIssue({ code: 'custom', message: 'is no date' })
  return z.NEVER
})

/** A message as the REST API tells it (https://www.twilio.com/docs/messaging/api/message-resource). */
export const MessageResource = z
  .looseObject({
    sid: z.string(),
    date_created: Rfc2822,
    direction: z.string(),
    from: z.string().nullable(),
    to: z.string(),
    body: z.string().nullable(),
    status: z.string(),
    error_code: z.int().nullable(),
  })
  .transform(
    (message): TwilioMessage => ({
      sid: message.sid,
      dateCreated: message.date_created,
      direction: message.direction,
      from: message.from,
      to: message.to,
      body: message.body ?? '',
      status: message.status,
      errorCode: message.error_code,
    }),
  )

export const MessagePage = z.looseObject({
  messages: z.array(MessageResource),
  next_page_uri: z.string().nullable(),
})
