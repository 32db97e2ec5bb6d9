import type { IncomingMessage } from 'node:http'
import type { HttpApp } from '@heed/service'
import { basicAuthorization, twilioErrorCodes as codes, messagesPath, parseForm } from '@heed/twilio'
import type { Carrier } from '../carrier.ts'
import { type ApiError, apiErrorJson } from '../domain/api-error.ts'
import { type CreateDecision, decideCreate } from '../domain/create-request.ts'
import type { Struck } from '../domain/faults.ts'
import { nextPageUri, readListQuery } from '../domain/list-query.ts'
import { messageJson } from '../domain/message-json.ts'
import type { Faults } from '../faults.ts'
import type { CarrierStore } from '../store/carrier-store.ts'
import { type FaultyAnswers, refusalOf } from './faulty-answers.ts'
import type { HttpReply } from './http-reply.ts'

export interface TwilioApiDependencies {
  readonly accountSid: string
  readonly authToken: string
  readonly store: CarrierStore
  readonly carrier: Carrier
  readonly faults: Faults
  readonly answers: FaultyAnswers
  readonly firstByteAtMs: (request: IncomingMessage) => number
}

const notFound: ApiError = {
  status: 404,
  code: codes.notFound,
  message: 'The requested resource was not found',
}
const unauthenticated: ApiError = { status: 401, code: codes.authenticationFailed, message: 'Authenticate' }
const invalid: ApiError = { status: 400, code: 20_001, message: 'Invalid parameter' }

/** The version of the API, below which errors are Twilio's too. */
export const twilioApiPrefix = '/2010-04-01'

/** Twilio's Messages: create, fetch, list; with its errors, for the one account that there is. */
export function twilioApi(app: HttpApp, dependencies: TwilioApiDependencies) {
  const { accountSid, authToken } = dependencies
  const expected = basicAuthorization(accountSid, authToken)
  const path = messagesPath(accountSid)

  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    (_request, body, done) => done(null, body),
  )
  app.addHook('onRequest', async (request, reply) => {
    if (request.headers.authorization === expected) return
    await reply
      .header('www-authenticate', 'Basic realm="Twilio API"')
      .status(401)
      .send(apiErrorJson(unauthenticated))
  })
  app.setNotFoundHandler((_request, reply) => reply.status(404).send(apiErrorJson(notFound)))

  const route = path.slice(twilioApiPrefix.length)
  app.post(route, create(dependencies))
  app.get<{ Querystring: Record<string, unknown> }>(route, list(dependencies, path))
  app.get<{ Params: { sid: string } }>(route.replace(/\.json$/, '/:sid'), fetchOne(dependencies))
}

type Handler<Request> = (request: Request, reply: HttpReply) => Promise<unknown>

function create(dependencies: TwilioApiDependencies): Handler<{ body: unknown; raw: IncomingMessage }> {
  const { accountSid, carrier, faults, answers, firstByteAtMs } = dependencies
  return async (request, reply) => {
    const decision = readCreate(request.body)
    if (!decision.ok) return refuse(reply, decision.error)
    const { delayMs, fault } = faults.strike({ on: 'create', to: decision.request.to })
    const isTaken = fault === null || isAccepting(fault)
    const message = isTaken ? await carrier.send(decision.request, firstByteAtMs(request.raw), fault) : null
    await answers.wait(delayMs)
    if (fault?.kind === 'hang') return answers.hang(reply)
    const refusal = refusalOf(fault, reply)
    if (refusal !== null || message === null) return refuse(reply, refusal ?? notFound)
    return reply.status(201).send(messageJson(accountSid, message, true))
  }
}

/** A fault may come after the text was taken in: the phone has it, or the status callback tells. */
function isAccepting(fault: Struck): boolean {
  return 'accepted' in fault ? fault.accepted : fault.kind === 'undelivered' || fault.kind === 'failed'
}

function readCreate(body: unknown): CreateDecision {
  const form = parseForm(Buffer.isBuffer(body) ? body : Buffer.alloc(0))
  return form.ok ? decideCreate(form.entries) : { ok: false, error: invalid }
}

function list(
  { accountSid, store, faults, answers }: TwilioApiDependencies,
  path: string,
): Handler<{ query: Record<string, unknown>; url: string }> {
  return async ({ query, url }, reply) => {
    if (await answers.fails(faults.strike({ on: 'read' }), reply)) return reply
    const asked = readListQuery(query)
    if (asked === null) return refuse(reply, invalid)
    const found = store.list(asked)
    const messages = found.slice(0, asked.pageSize)
    const last = messages.at(-1)
    const hasMore = found.length > messages.length && last !== undefined
    return {
      end: asked.page * asked.pageSize + Math.max(messages.length - 1, 0),
      first_page_uri: `${path}?PageSize=${asked.pageSize}&Page=0`,
      messages: messages.map((message) => messageJson(accountSid, message)),
      next_page_uri: hasMore ? nextPageUri(path, query, asked, last.sid) : null,
      page: asked.page,
      page_size: asked.pageSize,
      previous_page_uri: null,
      start: asked.page * asked.pageSize,
      uri: url,
    }
  }
}

function fetchOne({
  accountSid,
  store,
  faults,
  answers,
}: TwilioApiDependencies): Handler<{ params: { sid: string } }> {
  return async ({ params }, reply) => {
    if (await answers.fails(faults.strike({ on: 'read' }), reply)) return reply
    const message = store.find(params.sid.replace(/\.json$/, ''))
    return message ? messageJson(accountSid, message) : refuse(reply, notFound)
  }
}

function refuse(reply: HttpReply, error: ApiError) {
  return reply.status(error.status).send(apiErrorJson(error))
}
