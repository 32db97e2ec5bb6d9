import type { ConnectionOptions } from 'nats'

/**
 * Reads `nats://user:password@host:4222,nats://other:4222`, with `tls://` for encrypted and a user alone for
 * a token. The client takes credentials as options only, and errors about addresses must not show them.
 * A user's replies go below `_INBOX_<user>`, so that a server can keep them from every other user.
 */
export function serverAddress(url: string): ConnectionOptions & { servers: string[] } {
  const urls = url.split(',').map((part) => parse(part.trim()))
  const [first] = urls
  if (!first) throw new TypeError('no NATS server is named')
  const user = decodeURIComponent(first.username)
  const pass = decodeURIComponent(first.password)
  return {
    servers: urls.map(({ hostname, port }) => `${hostname}:${port || '4222'}`),
    ...(user && pass ? { user, pass, ...inboxOf(user) } : user ? { token: user } : {}),
    ...(first.protocol === 'tls:' ? { tls: {} } : {}),
  }
}

/** Names that cannot be a token of a subject share the usual inbox. */
function inboxOf(user: string): { inboxPrefix?: string } {
  return /^[A-Za-z0-9_-]+$/.test(user) ? { inboxPrefix: `_INBOX_${user}` } : {}
}

function parse(text: string): URL {
  const withScheme = text.includes('://') ? text : `nats://${text}`
  const url = URL.canParse(withScheme) ? new URL(withScheme) : null
  if (!url?.hostname || !['nats:', 'tls:'].includes(url.protocol))
    throw new TypeError('a NATS URL is not valid')
  return url
}
