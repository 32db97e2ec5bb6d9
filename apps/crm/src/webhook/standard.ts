import { Webhook, WebhookVerificationError } from 'standardwebhooks'
import { request } from 'undici'
import { CrmError } from '../crm-error.ts'

type Headers = Readonly<Record<string, string | string[] | undefined>>

/**
 * What a CRM signed as Standard Webhooks says (standardwebhooks.com): id, timestamp within five minutes and body.
 * Null where it did not.
 */
export function readSigned(
  secret: string,
  headers: Headers,
  body: Buffer,
): { id: string; json: unknown } | null {
  const named = (name: string) => [headers[name]].flat()[0] ?? ''
  const id = named('webhook-id')
  try {
    const signed = {
      'webhook-id': id,
      'webhook-timestamp': named('webhook-timestamp'),
      'webhook-signature': named('webhook-signature'),
    }
    return { id, json: new Webhook(secret).verify(body.toString('utf8'), signed) }
  } catch (error) {
    if (error instanceof WebhookVerificationError) return null
    // Signed, but no JSON.
    if (error instanceof SyntaxError) return { id, json: undefined }
    throw error
  }
}

/** Tells a CRM something, signed in the same way. A `CrmError` where it was not taken. */
export async function postSigned(given: {
  secret: string
  url: string
  id: string
  at: Date
  body: object
}): Promise<void> {
  const body = JSON.stringify(given.body)
  let status: number
  try {
    const answer = await request(given.url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'webhook-id': given.id,
        'webhook-timestamp': String(Math.floor(given.at.getTime() / 1_000)),
        'webhook-signature': new Webhook(given.secret).sign(given.id, given.at, body),
      },
      headersTimeout: 8_000,
      bodyTimeout: 8_000,
    })
    status = answer.statusCode
    await answer.body.dump()
  } catch (cause) {
    throw new CrmError('webhook: no answer', { cause })
  }
  if (status >= 200 && status < 300) return
  // 410 Gone is how a receiver says that it wants no more (Standard Webhooks).
  throw new CrmError(`webhook: ${status}`, { status, refused: status === 410 })
}
