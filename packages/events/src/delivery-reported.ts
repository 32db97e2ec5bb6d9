import { AccountId, PhoneNumber } from '@heed/phone'
import { z } from 'zod'
import { defineEvent } from './define-event.ts'

export const DeliveryStatus = z.enum(['accepted', 'sent', 'delivered', 'undelivered', 'failed'])
export type DeliveryStatus = z.infer<typeof DeliveryStatus>

export const deliveryReported = defineEvent({
  name: 'deliveryReported',
  description:
    'Published by inbound-sms for each status callback of a carrier; `attemptId` is the attempt that the callback URL carries.',
  subjectPrefix: 'delivery.v1',
  stream: 'DELIVERY',
  schema: z.object({
    v: z.literal(1),
    account: AccountId,
    attemptId: z.string(),
    providerId: z.string(),
    status: DeliveryStatus,
    errorCode: z.string().optional(),
    businessNumber: PhoneNumber,
    number: PhoneNumber,
    at: z.iso.datetime(),
  }),
  messageId: (event) => `${event.providerId}:${event.status}`,
})
