import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

export interface SignedCall {
  readonly method: string
  /** As the caller was told it: scheme, host, path and query. */
  readonly uri: string
  readonly body: Buffer
  readonly signature: string
}

/**
 * Signature v2, which HubSpot uses for custom workflow actions: hex SHA-256 of secret, method, URI and body
 * (developers.hubspot.com, request validation). It has no time in it: repeats are stopped by the callback id.
 */
export function isSignedV2(secret: string, { method, uri, body, signature }: SignedCall): boolean {
  const expected = createHash('sha256').update(secret).update(method).update(uri).update(body).digest('hex')
  return isSame(expected, signature)
}

/** How old a v3 call may be, and how far ahead of our clock: five minutes, as HubSpot documents. */
export const v3WindowMs = 300_000

const decoded: Readonly<Record<string, string>> = {
  '%3A': ':',
  '%2F': '/',
  '%3F': '?',
  '%40': '@',
  '%21': '!',
  '%24': '$',
  '%27': "'",
  '%28': '(',
  '%29': ')',
  '%2A': '*',
  '%2C': ',',
  '%3B': ';',
}

/** Signature v3, of webhooks: base64 HMAC-SHA-256 over method, decoded URI, body and timestamp (ms). */
export function isSignedV3(
  secret: string,
  { method, uri, body, signature }: SignedCall,
  { timestamp, now }: { timestamp: string; now: number },
): boolean {
  if (!/^\d{1,16}$/.test(timestamp) || Math.abs(now - Number(timestamp)) > v3WindowMs) return false
  const plain = uri.replace(/%[0-9a-f]{2}/gi, (code) => decoded[code.toUpperCase()] ?? code)
  const mac = createHmac('sha256', secret).update(method).update(plain).update(body).update(timestamp)
  return isSame(mac.digest('base64'), signature)
}

function isSame(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)]
  return one.length === other.length && timingSafeEqual(one, other)
}
