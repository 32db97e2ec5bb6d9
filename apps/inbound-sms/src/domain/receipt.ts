import { type DeliveryStatus, deliveryReported, type EventOf } from '@heed/events'
import { type FormEntry, formParams } from '@heed/twilio'

export type DeliveryReported = EventOf<typeof deliveryReported>

export type Receipt =
  | { readonly kind: 'report'; readonly event: DeliveryReported }
  /** A signed receipt that tells nothing about an attempt of ours; there is nothing to repeat it for. */
  | { readonly kind: 'ignored' }

/** Fit for the header of an event and for the source of a change. */
const idShape = /^[\x21-\x7e]{1,90}$/

/** Source: https://www.twilio.com/docs/messaging/api/message-resource, Message status values. */
const statuses: Readonly<Record<string, DeliveryStatus>> = {
  accepted: 'accepted',
  scheduled: 'accepted',
  queued: 'accepted',
  sending: 'accepted',
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'undelivered',
  failed: 'failed',
  canceled: 'failed',
}

/** What a status callback says of the attempt that its URL carries. */
export function readReceipt(
  entries: readonly FormEntry[],
  target: { attempt: string | null; account: string | null },
  at: string,
): Receipt {
  const form = formParams(entries)
  const read = (name: string): string => [form[name]].flat()[0] ?? ''
  const errorCode = read('ErrorCode')
  const parsed = deliveryReported.schema.safeParse({
    v: 1,
    account: target.account,
    attemptId: target.attempt,
    providerId: read('MessageSid') || read('SmsSid'),
    status: statuses[read('MessageStatus') || read('SmsStatus')],
    ...(/^\d{1,6}$/.test(errorCode) && errorCode !== '0' ? { errorCode } : {}),
    businessNumber: read('From'),
    number: read('To'),
    at,
  })
  if (!parsed.success) return { kind: 'ignored' }
  const { attemptId, providerId } = parsed.data
  const isNamed = idShape.test(attemptId) && idShape.test(providerId)
  return isNamed ? { kind: 'report', event: parsed.data } : { kind: 'ignored' }
}
