import { createHmac, timingSafeEqual } from 'node:crypto'
import { type FormEntry, isValidWebhookSignature, parseForm } from '@heed/twilio'

export type SignedForm =
  | { readonly is: 'signed'; readonly entries: readonly FormEntry[] }
  /** Signed, but not all of it is UTF-8: `entries` has a replacement for each byte that is not. */
  | { readonly is: 'signed-not-utf8'; readonly entries: readonly FormEntry[] }
  | { readonly is: 'unsigned' }

/**
 * Reads the form of a webhook that the carrier signed for `url`; of anything else it tells nothing. The
 * signature covers what the form says, so bytes that are no text are tried as a signer may have read them:
 * replaced, or as they are.
 */
export function readSignedForm(request: {
  authToken: string
  url: string
  rawBody: Buffer
  signature: string
}): SignedForm {
  const { authToken, url, rawBody, signature } = request
  const form = parseForm(rawBody)
  if (form.ok) {
    const isSigned = isValidWebhookSignature({ authToken, url, signature, params: form.entries })
    return isSigned ? { is: 'signed', entries: form.entries } : { is: 'unsigned' }
  }
  const entries = [...new URLSearchParams(rawBody.toString('utf8'))]
  const isSigned =
    isValidWebhookSignature({ authToken, url, signature, params: entries }) || isSignedAsBytes(request)
  return isSigned ? { is: 'signed-not-utf8', entries } : { is: 'unsigned' }
}

/** The same signature, over the bytes of names and values; each byte travels as one character here. */
function isSignedAsBytes({ authToken, url, rawBody, signature }: Parameters<typeof readSignedForm>[0]) {
  const signed = rawBody
    .toString('latin1')
    .split('&')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return { name: bytesOf(name), value: bytesOf(value.join('=')) }
    })
    .sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0))
    .map(({ name, value }) => name + value)
  const expected = createHmac('sha1', authToken)
    .update(url, 'utf8')
    .update(signed.join(''), 'latin1')
    .digest()
  const given = Buffer.from(signature, 'base64')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

function bytesOf(escaped: string): string {
  return escaped
    .replaceAll('+', ' ')
    .replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
