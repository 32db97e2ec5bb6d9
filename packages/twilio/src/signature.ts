import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { parse, stringify } from 'node:querystring'
import { type FormEntry, type FormParams, valuesByName } from './form.ts'

export interface SignedForm {
  readonly authToken: string
  /** The public URL that the carrier was given, with its query; never made from a Host header. */
  readonly url: string
  readonly params: FormParams | readonly FormEntry[]
}

export interface SignedBody {
  readonly authToken: string
  /** Carries `bodySHA256`. */
  readonly url: string
  readonly rawBody: Buffer
}

/**
 * The `X-Twilio-Signature` of a webhook: base64 of HMAC-SHA1, keyed by the auth token, over the URL and, for a
 * form, each name and value in order of names. Several values of one name count once each, in order.
 * Source: twilio-node 6.2, `webhooks.ts`; https://www.twilio.com/docs/usage/security.
 */
export function signWebhook({ authToken, url, params }: SignedForm): string {
  return sign(authToken, url + signedText(params))
}

function sign(authToken: string, text: string): string {
  return createHmac('sha1', authToken).update(text, 'utf8').digest('base64')
}

function signedText(params: SignedForm['params']): string {
  const values = valuesByName(params)
  return [...values.keys()]
    .sort()
    .flatMap((name) => [...new Set(values.get(name))].sort().map((value) => name + value))
    .join('')
}

/**
 * True where Twilio signed this webhook. The URL counts with, without and with the default port, and with the
 * escapes that older back ends signed. A body that is no form is vouched for by `bodySHA256` in the signed
 * URL. Compares in constant time; never throws.
 */
export function isValidWebhookSignature(request: (SignedForm | SignedBody) & { signature: string }): boolean {
  if (!('rawBody' in request)) return isSigned(request, request.signature)
  const { authToken, url, rawBody, signature } = request
  const hash = URL.parse(url)?.searchParams.get('bodySHA256') ?? ''
  const expected = createHash('sha256').update(rawBody).digest('hex')
  return equalInConstantTime(hash, expected) && isSigned({ authToken, url, params: {} }, signature)
}

function isSigned({ authToken, url, params }: SignedForm, signature: string): boolean {
  const text = signedText(params)
  const isOf = (candidate: string) => equalInConstantTime(signature, sign(authToken, candidate + text))
  return isOf(url) || urlsSigned(url).values().some(isOf)
}

function urlsSigned(url: string): Set<string> {
  const asGiven = [withoutPort(url), withPort(url)]
  const normal = URL.parse(url)?.toString()
  if (normal === undefined) return new Set(asGiven)
  const normals = [withoutPort(normal), withPort(normal)]
  return new Set([...asGiven, ...normals, ...normals.map(withLegacyQuery)])
}

interface UrlParts {
  readonly scheme: string
  readonly user: string
  readonly host: string
  readonly port: string
  readonly rest: string
}

/** Not by `new URL`, which escapes characters that Twilio signs as they are. */
function partsOf(url: string): UrlParts | null {
  const match = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)/i.exec(url)
  if (!match) return null
  const [prefix, scheme = '', authority = ''] = match
  const at = authority.lastIndexOf('@') + 1
  const host = authority.slice(at)
  const colon = host.indexOf(':', host.lastIndexOf(']') + 1)
  return {
    scheme,
    user: authority.slice(0, at),
    host: colon < 0 ? host : host.slice(0, colon),
    port: colon < 0 ? '' : host.slice(colon),
    rest: url.slice(prefix.length),
  }
}

function withoutPort(url: string): string {
  const parts = partsOf(url)
  return parts ? parts.scheme + parts.user + parts.host + parts.rest : url
}

function withPort(url: string): string {
  const parts = partsOf(url)
  if (parts?.port !== '') return url
  const port = parts.scheme.toLowerCase() === 'https://' ? ':443' : ':80'
  return parts.scheme + parts.user + parts.host + port + parts.rest
}

function withLegacyQuery(url: string): string {
  const start = url.indexOf('?') + 1
  return start === 0 || start === url.length ? url : url.slice(0, start) + stringify(parse(url.slice(start)))
}

/** What an early return on the length tells is public: it is fixed by the algorithm. */
function equalInConstantTime(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
