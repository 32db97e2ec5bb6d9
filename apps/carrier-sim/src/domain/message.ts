export type Direction = 'inbound' | 'outbound-api' | 'outbound-reply'
export type MessageStatus = 'received' | 'delivered' | 'undelivered' | 'failed'

/** A message as the carrier keeps it. */
export interface Message {
  readonly sid: string
  readonly direction: Direction
  readonly from: string
  readonly to: string
  readonly body: string
  /** What becomes of it; the answer to its creation still says `queued`. */
  readonly status: MessageStatus
  readonly errorCode: number | null
  /** When the carrier took it in, ms since 1970. */
  readonly createdAtMs: number
  /** When the first byte of what brought it arrived, ms since 1970. */
  readonly receivedAtMs: number
  readonly statusCallback: string | null
  readonly optOutType: string | null
}

/** A message has 32 hex digits for an id, as Twilio's do. */
export function messageSid(randomHex: string): string {
  return `SM${randomHex}`
}
