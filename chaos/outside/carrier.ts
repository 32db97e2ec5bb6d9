import { createHmac, randomBytes } from 'node:crypto'
import { type HttpAnswer, http } from './http.ts'

export interface Phone {
  readonly sid: string
  readonly from: string
  readonly body: string
  readonly receivedAt: string
}

const json = { 'content-type': 'application/json' }

/** The simulated carrier's own interface, as the design fixes it. */
export function carrierAt(url: string) {
  const at = (number: string, rest = '') => `${url}/phones/${encodeURIComponent(number)}${rest}`
  return {
    routeTo: (number: string, webhookUrl: string) =>
      http('PUT', `${url}/numbers/${encodeURIComponent(number)}`, {
        headers: json,
        body: JSON.stringify({ webhookUrl }),
      }),
    /** `status` 0 where the simulator did not answer: nobody knows whether the text was said. */
    async reply(
      from: string,
      said: { to: string; body: string; delayMs?: number; duplicates?: number; optOutType?: string },
    ): Promise<{ status: number; twiml: string; messageSid: string | null; at: number }> {
      const answer = await http('POST', at(from, '/reply'), { headers: json, body: JSON.stringify(said) })
      if (answer.status !== 200) return { status: 0, twiml: '', messageSid: null, at: answer.at }
      return { ...JSON.parse(answer.text), at: answer.at }
    },
    /** Null where the simulator did not answer. */
    async phone(number: string): Promise<Phone[] | null> {
      const answer = await http('GET', at(number))
      return answer.status === 200 ? JSON.parse(answer.text) : null
    },
    faults: (faults: readonly Record<string, unknown>[]) =>
      http('POST', `${url}/faults`, { headers: json, body: JSON.stringify({ faults }) }),
  }
}

/** Twilio's signature of a form (https://www.twilio.com/docs/usage/security#validating-requests). */
export function signatureOf(authToken: string, url: string, form: Readonly<Record<string, string>>): string {
  const signed =
    url +
    Object.keys(form)
      .sort()
      .map((name) => name + form[name])
      .join('')
  return createHmac('sha1', authToken).update(signed, 'utf8').digest('base64')
}

/** What a carrier posts where a person has answered, signed; `status` 0 where no answer came. */
export function webhook(
  url: string,
  secrets: { TWILIO_ACCOUNT_SID: string; TWILIO_AUTH_TOKEN: string },
  said: { from: string; to: string; body: string; sid?: string },
): Promise<HttpAnswer> {
  const form = {
    MessageSid: said.sid ?? newSid(),
    AccountSid: secrets.TWILIO_ACCOUNT_SID,
    From: said.from,
    To: said.to,
    Body: said.body,
  }
  return http('POST', url, {
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'x-twilio-signature': signatureOf(secrets.TWILIO_AUTH_TOKEN, url, form),
    },
    body: new URLSearchParams(form).toString(),
    timeoutMs: 15_000,
  })
}

export const newSid = (): string => `SM${randomBytes(16).toString('hex')}`
