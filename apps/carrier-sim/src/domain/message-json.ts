import { countSegments } from '@heed/wording'
import type { Message } from './message.ts'

/** Twilio's times: RFC 2822, whole seconds. */
function rfc2822(ms: number): string {
  return new Date(ms).toUTCString().replace('GMT', '+0000')
}

/** A message as Twilio's REST API tells it; `queued` is the answer to its creation. */
export function messageJson(accountSid: string, message: Message, queued = false) {
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}`
  const date = rfc2822(message.createdAtMs)
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: message.body,
    date_created: date,
    date_sent: queued ? null : date,
    date_updated: date,
    direction: message.direction,
    error_code: queued ? null : message.errorCode,
    error_message: null,
    from: message.from,
    messaging_service_sid: null,
    num_media: '0',
    num_segments: String(countSegments(message.body).segments),
    price: null,
    price_unit: 'USD',
    sid: message.sid,
    status: queued ? 'queued' : message.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: message.to,
    uri: `${uri}.json`,
  }
}
