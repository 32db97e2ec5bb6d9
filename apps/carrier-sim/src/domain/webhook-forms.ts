import { countSegments } from '@heed/wording'
import type { Message } from './message.ts'

type Form = Readonly<Record<string, string>>

const place = { City: '', State: '', Zip: '', Country: 'US' }
const placesOf = (side: 'From' | 'To') => Object.entries(place).map(([part, value]) => [side + part, value])

/** The form of an inbound message webhook; each delivery of one message has the same. */
export function inboundForm(accountSid: string, message: Message): Form {
  return {
    ...Object.fromEntries([...placesOf('From'), ...placesOf('To')]),
    AccountSid: accountSid,
    ApiVersion: '2010-04-01',
    Body: message.body,
    From: message.from,
    MessageSid: message.sid,
    NumMedia: '0',
    NumSegments: String(countSegments(message.body).segments),
    SmsMessageSid: message.sid,
    SmsSid: message.sid,
    SmsStatus: 'received',
    To: message.to,
    ...(message.optOutType === null ? {} : { OptOutType: message.optOutType }),
  }
}

/** The statuses that a message is reported with, in order. */
export function reportedStatuses({ status }: Message): readonly string[] {
  return status === 'failed' ? ['failed'] : ['sent', status]
}

/** The form of a status callback; an error is told with the status that it made. */
export function statusForm(accountSid: string, message: Message, status: string): Form {
  const isError = status === 'failed' || status === 'undelivered'
  return {
    AccountSid: accountSid,
    ApiVersion: '2010-04-01',
    From: message.from,
    MessageSid: message.sid,
    MessageStatus: status,
    SmsSid: message.sid,
    SmsStatus: status,
    To: message.to,
    ...(isError && message.errorCode !== null ? { ErrorCode: String(message.errorCode) } : {}),
  }
}
