import type { ServerResponse } from 'node:http'
import { Histogram, type HttpApp, type Logger, type Registry, traced } from '@heed/service'
import {
  type AnyRouter,
  callTRPCProcedure,
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
  TRPCError,
} from '@trpc/server'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import type { ErrorReason } from './errors.ts'
import { streamSubscription } from './event-stream.ts'
import type { TokenVerifier } from './tokens.ts'
import { type RpcContext, reasonOf } from './trpc.ts'

export interface ServeOptions {
  router: AnyRouter
  verify: TokenVerifier
  isOutage: RpcContext['isOutage']
  log: Logger
  metrics: Registry
}

interface Asked {
  readonly path: string
  readonly token: string | null
  readonly isJson: boolean
  readonly body: string
}

/** As much of a reply as a stream needs. */
interface EventReply {
  readonly raw: ServerResponse
  hijack(): unknown
}

interface Answered {
  readonly status: number
  readonly outcome: 'ok' | ErrorReason
  readonly json: string
}

/**
 * Serves a router at `POST /trpc/<procedure>`, the input as plain JSON body, queries and mutations alike; a
 * subscription answers with server-sent events. Nothing else: no GET (a number would stand in a URL) and no batches (a batch is an input). tRPC's own adapter
 * turns each request and answer into a web stream and back, which costs more than the rest of a small call.
 */
export function serveRouter(options: ServeOptions): (app: HttpApp) => void {
  const seconds = new Histogram({
    name: 'heed_rpc_seconds',
    help: 'Time from request to answer, by procedure and outcome.',
    labelNames: ['procedure', 'outcome'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers: [options.metrics],
  })
  return (app) =>
    void app.register((scope, _options, done) => {
      scope.removeContentTypeParser('application/json')
      scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
        done(null, body),
      )
      scope.post<{ Params: { path: string } }>('/trpc/:path', async (request, reply) => {
        const startedAt = performance.now()
        const { path } = request.params
        const { headers } = request
        const asked = {
          path,
          token: bearer(headers.authorization),
          isJson: headers['content-type']?.startsWith('application/json') ?? false,
          body: typeof request.body === 'string' ? request.body : '',
        }
        if (isSubscription(options.router, path)) {
          const failed = await stream(options, asked, reply)
          if (failed) return reply.status(failed.status).type('application/json').send(failed.json)
          return
        }
        const { status, outcome, json } = await answerTraced(options, asked, headers)
        const known = outcome === 'unknown-procedure' ? '' : path
        seconds.observe({ procedure: known, outcome }, (performance.now() - startedAt) / 1000)
        return reply.status(status).type('application/json').send(json)
      })
      done()
    })
}

/** A path that is no procedure is what the caller wrote, so a span is named when it is known. */
function answerTraced(
  options: ServeOptions,
  asked: Asked,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Promise<Answered> {
  const from = (name: string) => [headers[name]].flat()[0]
  return traced('rpc', { kind: 'server', from }, async (span) => {
    const answered = await answer(options, asked)
    if (answered.outcome !== 'unknown-procedure') span?.updateName(`rpc ${asked.path}`)
    span?.setAttribute('heed.outcome', answered.outcome)
    return answered
  })
}

async function answer(options: ServeOptions, asked: Asked): Promise<Answered> {
  const call = { ...callOf(options, asked), type: 'mutation' as const, signal: undefined }
  try {
    const data = await callTRPCProcedure(call)
    return { status: 200, outcome: 'ok', json: JSON.stringify({ result: { data } }) }
  } catch (cause) {
    return failure(options, asked.path, call.ctx, cause)
  }
}

const callOf = ({ router, verify, isOutage }: ServeOptions, { path, token, isJson, body }: Asked) => ({
  router,
  path,
  ctx: { token, verify, isOutage } satisfies RpcContext,
  allowMethodOverride: true,
  getRawInput: async () => inputOf(isJson, body),
  batchIndex: 0,
})

function isSubscription(router: AnyRouter, path: string): boolean {
  const procedures = router._def.procedures as Record<string, { _def: { type: string } }>
  return Object.hasOwn(procedures, path) && procedures[path]?._def.type === 'subscription'
}

/** What went wrong before its first item; null where it was streamed. */
async function stream(options: ServeOptions, asked: Asked, reply: EventReply): Promise<Answered | null> {
  const call = callOf(options, asked)
  const failed = (cause: unknown) => failure(options, asked.path, call.ctx, cause)
  try {
    await streamSubscription({
      call,
      response: reply.raw,
      hijack: () => reply.hijack(),
      errorOf: (cause) => failed(cause).json,
    })
    return null
  } catch (cause) {
    return failed(cause)
  }
}

function failure(options: ServeOptions, path: string, ctx: RpcContext, cause: unknown): Answered {
  const error = getTRPCErrorFromUnknown(cause)
  const outcome = reasonOf(error)
  if (outcome === 'internal') options.log.error({ err: error, procedure: path }, 'procedure failed')
  if (outcome === 'unavailable') options.log.warn({ err: error, procedure: path }, 'not known right now')
  const config = options.router._def._config
  const shape = getTRPCErrorShape({ config, error, type: 'unknown', path, input: undefined, ctx })
  return { status: getHTTPStatusCodeFromError(error), outcome, json: JSON.stringify({ error: shape }) }
}

function inputOf(isJson: boolean, body: string): unknown {
  if (!isJson) throw new TRPCError({ code: 'UNSUPPORTED_MEDIA_TYPE' })
  if (body === '') return undefined
  try {
    return JSON.parse(body)
  } catch {
    // The parser's own words repeat what was given.
    throw new TRPCError({ code: 'PARSE_ERROR' })
  }
}

function bearer(header: string | undefined): string | null {
  return header?.startsWith('Bearer ') ? header.slice('Bearer '.length) : null
}
