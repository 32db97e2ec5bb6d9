import { DomainError } from '@heed/rpc'
import type { HttpApp, Logger } from '@heed/service'
import type { z } from 'zod'
import { isSignedV2, isSignedV3, type SignedCall } from './hubspot/signature.ts'
import { ActionCall, EventsCall, WebhookCall } from './schemas.ts'
import type { LinkDocument } from './store/links.ts'
import type { UseCases } from './use-cases/compose.ts'
import { sourceOf } from './use-cases/follow-consent.ts'
import { orderText } from './use-cases/order-text.ts'
import { readSigned } from './webhook/standard.ts'

export interface RouteDeps extends UseCases {
  readonly publicUrl: string
  readonly now: () => Date
  readonly log: Logger
}

type Headers = Record<string, string | string[] | undefined>
interface Asked {
  readonly body: Buffer
  readonly headers: Headers
  readonly url: string
  readonly linkId: string
}
interface Answer {
  readonly status: number
  readonly json: object
}

/** The doors of CRMs: nothing is done before the caller has shown that it knows the link's secret. */
export function crmRoutes(deps: RouteDeps): (app: HttpApp) => void {
  return (app) =>
    void app.register((scope, _options, done) => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body))
      const serve = (path: string, answer: (deps: RouteDeps, asked: Asked) => Promise<Answer>) =>
        scope.post<{ Params: { linkId?: string } }>(path, async (request, reply) => {
          const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
          const { headers, url, params } = request
          const asked = { body, headers, url, linkId: params.linkId ?? '' }
          const { status, json } = await answer(deps, asked).catch((error: unknown) => failure(deps, error))
          return reply.status(status).send(json)
        })
      serve('/crm/hubspot/action', action)
      serve('/crm/hubspot/events', events)
      serve('/crm/webhooks/:linkId', webhook)
      done()
    })
}

async function action(deps: RouteDeps, asked: Asked): Promise<Answer> {
  const call = parsed(ActionCall, jsonOf(asked.body))
  const link = await deps.links.open(`hs_${call.origin.portalId}`)
  const signed = signedCall(deps, asked, 'x-hubspot-signature')
  if (!link || !isSignedV2(deps.keys.hubspot(link).clientSecret, signed)) return unsigned
  return { status: 200, json: { outputFields: await deps.runAction(link, call) } }
}

/** Apps of several portals share a secret, so each portal's own is what its events are checked with. */
async function events(deps: RouteDeps, asked: Asked): Promise<Answer> {
  const calls = Map.groupBy(parsed(EventsCall, jsonOf(asked.body)), ({ portalId }) => portalId)
  const signed = signedCall(deps, asked, 'x-hubspot-signature-v3')
  const timestamp = headerOf(asked.headers, 'x-hubspot-request-timestamp')
  const links: [LinkDocument, EventsCall][] = []
  for (const [portalId, of] of calls) {
    const link = await deps.links.open(`hs_${portalId}`)
    const when = { timestamp, now: deps.now().getTime() }
    if (!link || !isSignedV3(deps.keys.hubspot(link).clientSecret, signed, when)) return unsigned
    links.push([link, of])
  }
  let heard = 0
  for (const [link, of] of links) heard += (await deps.hearEvents(link, of)).heard
  return { status: 200, json: { heard } }
}

async function webhook(deps: RouteDeps, { body, headers, linkId }: Asked): Promise<Answer> {
  const link = await deps.links.open(linkId)
  const read = link?.kind === 'webhook' ? readSigned(deps.keys.secret(link), headers, body) : null
  if (!link || !read) return unsigned
  const { type, data } = parsed(WebhookCall, read.json)
  if (type === 'contact.opted-out') {
    await deps.compliance.optOut({ a: link.a, numbers: [data.number], source: sourceOf(link, read.id) })
    return { status: 200, json: { outcome: 'opted-out' } }
  }
  if (type === 'sequence.enrol') {
    const enrolled = await deps.enrol(link, read.id, data)
    return 'refused' in enrolled ? refusal(400, enrolled.refused) : { status: 200, json: enrolled }
  }
  const ordered = await orderText(deps.messages, link, read.id, data)
  if ('refused' in ordered)
    return refusal(ordered.refused === 'request-mismatch' ? 409 : 400, ordered.refused)
  const { messageId, state, reasons } = ordered.message
  return { status: 200, json: { messageId, state, reasons } }
}

const refusal = (status: number, reason: string, issues?: readonly object[]): Answer => ({
  status,
  json: { error: { message: reason, data: { reason, ...(issues ? { issues } : {}) } } },
})
const unsigned = refusal(401, 'wrong-signature')

class BadCallError extends Error {
  readonly issues: readonly object[]
  constructor(issues: readonly object[]) {
    super('the call does not fit')
    this.issues = issues
  }
}

/** A CRM asks again after 503; nothing of what was not understood was done. */
function failure({ log }: RouteDeps, error: unknown): Answer {
  if (error instanceof BadCallError) return refusal(400, 'invalid-input', error.issues)
  if (error instanceof DomainError && error.reason !== 'internal') return refusal(503, error.reason)
  log.error({ err: error }, 'a call of a CRM failed')
  return refusal(503, 'unavailable')
}

function parsed<Schema extends z.ZodType>(schema: Schema, json: unknown): z.infer<Schema> {
  const result = schema.safeParse(json)
  if (result.success) return result.data
  throw new BadCallError(result.error.issues.map(({ path, code }) => ({ path: path.join('.'), code })))
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}

const headerOf = (headers: Headers, name: string) => [headers[name]].flat()[0] ?? ''

const signedCall = ({ publicUrl }: RouteDeps, { body, headers, url }: Asked, name: string): SignedCall => ({
  method: 'POST',
  uri: publicUrl + url,
  body,
  signature: headerOf(headers, name),
})
