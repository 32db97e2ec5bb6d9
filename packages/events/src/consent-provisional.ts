import { PhoneNumber } from '@heed/phone'
import { z } from 'zod'
import { defineEvent } from './define-event.ts'

/** The account token of a hint whose account is not known: it concerns every account. */
export const everyAccount = '_'

export const consentProvisional = defineEvent({
  name: 'consentProvisional',
  description:
    'Published by inbound-sms while it holds an opt-out that compliance has not committed yet: senders hold the number until 60 s after the last hint or until an event names its source.',
  subjectPrefix: 'consent.provisional',
  stream: null,
  schema: z.object({
    v: z.literal(1),
    account: z.string(),
    number: PhoneNumber,
    source: z.string(),
    at: z.iso.datetime(),
  }),
  messageId: (event) => `${event.source}:${event.at}`,
})
