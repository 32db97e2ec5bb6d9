import { z } from 'zod'
import { retryableErrorCodes } from './error-codes.ts'
import { TwilioSid } from './webhooks.ts'

export interface CreateMessage {
  readonly to: string
  readonly from: string
  readonly body: string
  readonly statusCallback?: string
  /** How long the carrier may keep the text in its queue: 1 to 36,000. */
  readonly validityPeriodSeconds?: number
}

export type CreateMessageAnswer =
  | { readonly outcome: 'accepted'; readonly sid: string; readonly status: string }
  | {
      readonly outcome: 'refused'
      /** Twilio's code, or null where the answer has none. */
      readonly code: number | null
      readonly httpStatus: number
      /** Nothing about this text was wrong: the same request may be accepted later. */
      readonly retryable: boolean
      readonly retryAfterMs?: number
    }
  | { readonly outcome: 'unknown'; readonly httpStatus: number }

/** Where messages are created and listed, below the API's base URL. */
export function messagesPath(accountSid: string): string {
  return `/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/Messages.json`
}

/** The `Authorization` header of the REST API. */
export function basicAuthorization(accountSid: string, authToken: string): string {
  return `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`
}

/** The form-encoded body that creates a message. */
export function createMessageForm(message: CreateMessage): string {
  const form = new URLSearchParams({ To: message.to, From: message.from, Body: message.body })
  if (message.statusCallback !== undefined) form.set('StatusCallback', message.statusCallback)
  if (message.validityPeriodSeconds !== undefined) {
    form.set('ValidityPeriod', String(message.validityPeriodSeconds))
  }
  return form.toString()
}

const Created = z.looseObject({ sid: TwilioSid, status: z.string() })
const Refused = z.looseObject({ code: z.int() })

/**
 * What the carrier made of a request to create a message.
 *
 * Only an answer that excludes acceptance is a refusal: a 4xx, among them 21610. 429 says that the request was
 * not processed and may be repeated (https://www.twilio.com/docs/api/errors/20429). A 5xx excludes nothing:
 * Twilio says of its 500 that a message may have been sent, and that one who repeats the request may text
 * twice (https://www.twilio.com/docs/api/errors/20500); a 502, 503 or 504 may come from a proxy in front of a
 * server that accepted. So does a 408, a redirect, and a success without a readable message id. All of these
 * are unknown, and are resolved by the status callback, never by sending again.
 */
export function parseCreateMessageAnswer(
  httpStatus: number,
  body: string,
  headers: { readonly retryAfter?: string | undefined } = {},
): CreateMessageAnswer {
  const json = parseJson(body)
  if (httpStatus >= 200 && httpStatus < 300) {
    const created = Created.safeParse(json)
    if (!created.success) return { outcome: 'unknown', httpStatus }
    return { outcome: 'accepted', sid: created.data.sid, status: created.data.status }
  }
  if (httpStatus < 400 || httpStatus >= 500 || httpStatus === 408) return { outcome: 'unknown', httpStatus }
  const code = Refused.safeParse(json).data?.code ?? null
  const retryAfterMs = retryAfter(headers.retryAfter)
  return {
    outcome: 'refused',
    code,
    httpStatus,
    retryable: httpStatus === 429 || (code !== null && retryableErrorCodes.has(code)),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

const retryAfterMsMax = 3_600_000

/** Seconds only: the other form, a date, would need a clock, and Twilio does not use it. */
function retryAfter(header: string | undefined): number | null {
  if (header === undefined || !/^\d{1,9}$/.test(header)) return null
  return Math.min(Number(header) * 1_000, retryAfterMsMax)
}
