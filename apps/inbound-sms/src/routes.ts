import { createHash } from 'node:crypto'
import { type Clock, type HttpApp, type Logger, traced } from '@heed/service'
import { messageResponse } from '@heed/twilio'
import { readInboundMessage } from './domain/inbound-message.ts'
import { mayBeOptOut, readIntent } from './domain/read-intent.ts'
import { type DeliveryReported, readReceipt } from './domain/receipt.ts'
import type { InboundMetrics } from './metrics.ts'
import { readSignedForm, type SignedForm } from './signed-form.ts'
import type { Inbox } from './use-cases/inbox.ts'
import type { ReceiptOutcome } from './use-cases/receive-receipt.ts'

export interface RouteDeps {
  readonly publicUrl: string
  readonly accountSid: string
  readonly authToken: string
  readonly inbox: Pick<Inbox, 'receive'>
  readonly receiveReceipt: (event: DeliveryReported) => Promise<ReceiptOutcome>
  readonly metrics: Pick<InboundMetrics, 'webhooks' | 'webhookSeconds' | 'signatureFailures'>
  readonly clock: Clock
  readonly log: Logger
}

/** A carrier is promised 1.5 s; a busy machine needs the rest. */
const answerWithinMs = 1_000

interface Answer {
  readonly status: number
  readonly outcome: string
  readonly twiml?: string
}

type Request = { body: unknown; headers: Record<string, string | string[] | undefined>; url: string }

const refusals: Record<string, string> = {
  'wrong-signature': 'The carrier did not sign this for this address.',
  'not-utf8': 'The form is not UTF-8.',
  'not-committed': 'Not recorded yet: try again.',
}

/** The carrier's door: signed forms in, TwiML out. Success is told of what cannot be lost any more. */
export function webhookRoutes(deps: RouteDeps): (app: HttpApp) => void {
  const inbound = receiveInbound(deps)
  const status = receiveStatus(deps)
  return (app) => {
    app.register((scope, _options, done) => {
      scope.removeAllContentTypeParsers()
      // Whatever the form calls itself: a name that is no media type must not cost a signed STOP its answer.
      scope.addHook('onRequest', async (request) => {
        request.headers['content-type'] = 'application/octet-stream'
      })
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body))
      const serve = (path: string, kind: string, answer: (request: Request) => Promise<Answer>) =>
        scope.post(path, async (request, reply) => {
          const startedAt = deps.clock.monoMs()
          const from = (name: string) => headerOf(request.headers[name])
          const {
            outcome,
            status: code,
            twiml,
          } = await traced(`webhook ${kind}`, { kind: 'server', from }, () => answer(request))
          deps.metrics.webhooks.inc({ kind, outcome })
          deps.metrics.webhookSeconds.observe({ kind }, (deps.clock.monoMs() - startedAt) / 1_000)
          reply.status(code)
          if (twiml !== undefined) return reply.type('text/xml; charset=utf-8').send(twiml)
          if (code < 300) return reply.send()
          return reply.send({ error: { message: refusals[outcome], data: { reason: outcome } } })
        })
      serve('/webhooks/twilio', 'message', inbound)
      serve('/webhooks/twilio/status', 'status', status)
      done()
    })
  }
}

function receiveInbound(deps: RouteDeps) {
  return async (request: Request): Promise<Answer> => {
    const form = signedForm(deps, request, '/webhooks/twilio')
    if (form.is === 'unsigned') return refuseUnsigned(deps, 'message')
    const message = readInboundMessage(form.entries, {
      id: `unnamed-${createHash('sha256').update(bytesOf(request)).digest('hex')}`,
      carrierAccount: deps.accountSid,
      receivedAt: new Date(deps.clock.now()).toISOString(),
    })
    if (form.is === 'signed-not-utf8') {
      // What is no text would be kept as proof of what a person wrote; an opt-out is worth that.
      if (readIntent(message).intent !== 'opt-out') return { status: 400, outcome: 'not-utf8' }
      deps.log.warn({ message: message.id }, 'an opt-out came in a form that is not UTF-8')
    }
    const received = await deps.inbox.receive(message, answerWithinMs)
    if (received.state === 'settled') {
      return { status: 200, outcome: 'settled', twiml: messageResponse(received.reply?.text) }
    }
    if (received.isDurable && !mayBeOptOut(message)) {
      return { status: 200, outcome: 'waiting', twiml: messageResponse() }
    }
    return { status: 503, outcome: 'not-committed' }
  }
}

function receiveStatus(deps: RouteDeps) {
  return async (request: Request): Promise<Answer> => {
    const form = signedForm(deps, request, '/webhooks/twilio/status')
    if (form.is === 'unsigned') return refuseUnsigned(deps, 'status')
    const query = new URLSearchParams(queryOf(request.url))
    const target = { attempt: query.get('attempt'), account: query.get('account') }
    const receipt = readReceipt(form.entries, target, new Date(deps.clock.now()).toISOString())
    if (receipt.kind === 'ignored') return { status: 204, outcome: 'ignored' }
    const outcome = await deps.receiveReceipt(receipt.event)
    return outcome === 'lost' ? { status: 503, outcome: 'not-committed' } : { status: 204, outcome }
  }
}

function signedForm(deps: RouteDeps, request: Request, path: string): SignedForm {
  const signature = request.headers['x-twilio-signature']
  return readSignedForm({
    authToken: deps.authToken,
    url: deps.publicUrl + path + queryOf(request.url),
    rawBody: bytesOf(request),
    signature: typeof signature === 'string' ? signature : '',
  })
}

function refuseUnsigned({ metrics }: RouteDeps, kind: string): Answer {
  metrics.signatureFailures.inc({ kind })
  return { status: 403, outcome: 'wrong-signature' }
}

function headerOf(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0]
}

function queryOf(url: string): string {
  const start = url.indexOf('?')
  return start < 0 ? '' : url.slice(start)
}

function bytesOf({ body }: Request): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0)
}
