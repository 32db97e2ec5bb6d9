import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export const app = { clientId: 'app-id', clientSecret: 'app-secret' }

interface Subscription {
  readonly number: string
  readonly subscriptionId: number
  readonly statusState: string
  readonly channel: string
}

/** A HubSpot of the documented shape: tokens, contacts, subscriptions and callbacks, of as many portals as asked. */
export async function startHubSpot() {
  const contacts = new Map<string, Record<string, string | null>>()
  const subscriptions: Subscription[] = []
  const completed: { callbackId: string; outputFields: Record<string, string> }[] = []
  const failures: { status: number; headers?: Record<string, string> }[] = []
  const tokens = new Map<string, number>()
  let issued = 0
  let refreshes = 0

  const answer = async (request: IncomingMessage): Promise<[number, unknown, Record<string, string>?]> => {
    const url = new URL(request.url ?? '/', 'http://hubspot')
    const body = await bodyOf(request)
    const path = url.pathname
    if (path === '/oauth/v1/token') {
      const form = new URLSearchParams(body)
      const given = form.get('code') ?? form.get('refresh_token') ?? ''
      const portal = Number(/^(?:code|refresh)-(\d+)$/.exec(given)?.[1] ?? Number.NaN)
      const isApp = form.get('client_id') === app.clientId && form.get('client_secret') === app.clientSecret
      if (!isApp || Number.isNaN(portal)) return [400, { status: 'BAD_AUTH_CODE', message: 'no' }]
      if (form.get('grant_type') === 'refresh_token') refreshes += 1
      const token = `token-${++issued}`
      tokens.set(token, portal)
      return [
        200,
        { access_token: token, refresh_token: `refresh-${portal}`, expires_in: 1_800, token_type: 'bearer' },
      ]
    }
    const asked = /^\/oauth\/v1\/access-tokens\/(.+)$/.exec(path)?.[1]
    if (asked)
      return [
        200,
        {
          hub_id: tokens.get(asked),
          token: asked,
          scopes: [],
          app_id: 1,
          user_id: 1,
          expires_in: 1_800,
          token_type: 'access',
        },
      ]
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
    if (!tokens.has(bearer)) return [401, { category: 'EXPIRED_AUTHENTICATION' }]
    const failure = failures.shift()
    if (failure) return [failure.status, { message: 'not now' }, failure.headers ?? {}]
    const contactId = /^\/crm\/(?:v3\/)?objects\/(?:[\d-]+\/)?contacts\/([^/]+)$/.exec(path)?.[1]
    if (contactId) {
      const properties = contacts.get(contactId)
      const at = new Date(0).toISOString()
      return properties
        ? [200, { id: contactId, properties, createdAt: at, updatedAt: at, archived: false }]
        : [404, {}]
    }
    const number = /^\/communication-preferences\/v4\/statuses\/([^/]+)$/.exec(path)?.[1]
    if (number) {
      subscriptions.push({ number: decodeURIComponent(number), ...JSON.parse(body) })
      return [200, { status: 'COMPLETE' }]
    }
    const callbackId = /^\/automation\/v4\/actions\/callbacks\/([^/]+)\/complete$/.exec(path)?.[1]
    if (callbackId) {
      completed.push({ callbackId: decodeURIComponent(callbackId), ...JSON.parse(body) })
      return [204, null]
    }
    return [404, { path }]
  }
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    void answer(request).then(([status, json, headers]) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(json === null ? undefined : JSON.stringify(json))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    contacts,
    subscriptions,
    completed,
    /** The next calls with a token fail so, each once. */
    failures,
    refreshes: () => refreshes,
    /** Access tokens end, as they do after half an hour. */
    endTokens: () => tokens.clear(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Signs a call of a workflow action as HubSpot documents for v2. */
export function signV2(secret: string, url: string, body: string): Record<string, string> {
  const signature = createHash('sha256').update(`${secret}POST${url}${body}`).digest('hex')
  return { 'x-hubspot-signature': signature, 'x-hubspot-signature-version': 'v2' }
}

/** Signs a webhook as HubSpot documents for v3. */
export function signV3(secret: string, url: string, body: string, at = Date.now()): Record<string, string> {
  const signature = createHmac('sha256', secret).update(`POST${url}${body}${at}`).digest('base64')
  return { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': String(at) }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
