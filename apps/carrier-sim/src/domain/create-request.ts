import { twilioErrorCodes as codes, type FormEntry } from '@heed/twilio'
import type { ApiError } from './api-error.ts'

export interface CreateRequest {
  readonly to: string
  readonly from: string
  readonly body: string
  readonly statusCallback: string | null
}

export type CreateDecision =
  | { readonly ok: true; readonly request: CreateRequest }
  | { readonly ok: false; readonly error: ApiError }

const phoneNumber = /^\+[1-9]\d{6,14}$/
const shortCode = /^\d{3,8}$/
const bodyLengthMax = 1_600
const validityPeriodSecondsMax = 36_000

/** Checks what Twilio checks before it accepts a message, in its order and with its codes. */
export function decideCreate(entries: readonly FormEntry[]): CreateDecision {
  const form = new Map(entries.toReversed())
  const to = form.get('To') ?? ''
  const from = form.get('From') ?? ''
  const body = form.get('Body') ?? ''
  const statusCallback = form.get('StatusCallback') ?? null
  const validity = form.get('ValidityPeriod')

  if (to === '') return refuse(codes.missingTo, "A 'To' phone number is required.")
  if (from === '') return refuse(codes.missingFrom, "A 'From' phone number is required.")
  if (!phoneNumber.test(to))
    return refuse(codes.invalidTo, `The 'To' number ${to} is not a valid phone number.`)
  if (!isSender(from))
    return refuse(codes.invalidFrom, `The 'From' number ${from} is not a valid phone number.`)
  if (body === '') return refuse(codes.emptyBody, 'Message body is required.')
  if (body.length > bodyLengthMax) {
    return refuse(codes.bodyTooLong, 'The concatenated message body exceeds the 1600 character limit.')
  }
  if (statusCallback !== null && !isWebhookUrl(statusCallback)) {
    return refuse(codes.invalidStatusCallback, "The 'StatusCallback' URL is not a valid URL.")
  }
  if (validity !== undefined && !isValidityPeriod(validity)) {
    return refuse(codes.invalidValidityPeriod, 'The validity period must be an integer from 1 to 36000.')
  }
  return { ok: true, request: { to, from, body, statusCallback } }
}

/** Every number is a number of ours; no register of senders is kept. */
export function isSender(address: string): boolean {
  return phoneNumber.test(address) || shortCode.test(address)
}

export function isPhone(address: string): boolean {
  return phoneNumber.test(address)
}

export function isWebhookUrl(url: string): boolean {
  const protocol = URL.parse(url)?.protocol
  return url.length <= 2_048 && (protocol === 'http:' || protocol === 'https:')
}

function isValidityPeriod(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= validityPeriodSecondsMax
}

function refuse(code: number, message: string): CreateDecision {
  return { ok: false, error: { status: 400, code, message } }
}
