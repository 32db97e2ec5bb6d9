import { Binary, Timestamp } from 'bson'
import { Doc, isDoc } from '../bson/doc.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import { fail, ServerError } from '../errors.ts'
import type { Engine } from '../storage/engine.ts'
import type { Rests } from '../storage/group-commit.ts'
import type { Peer } from '../wire/connection.ts'
import type { Message } from '../wire/messages.ts'
import { checkConcerns } from './concerns.ts'
import { commands } from './registry.ts'
import { type Command, int, nonNegative, type Request, type Services } from './request.ts'
import { refuseView } from './views.ts'
import { errorFields } from './write-errors.ts'

/** Fields that every command may carry. */
const genericFields = new Set([
  '$db',
  'lsid',
  'txnNumber',
  'autocommit',
  'startTransaction',
  'coordinator',
  'stmtId',
  'stmtIds',
  '$clusterTime',
  '$readPreference',
  'readConcern',
  'writeConcern',
  'comment',
  'maxTimeMS',
  'maxTimeMSOpOnly',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
  '$audit',
  '$client',
  '$configServerState',
  'databaseVersion',
  'isRetry',
  'readOnce',
  'rawData',
  '$queryOptions',
])

function checkFields(request: Request, command: Command): void {
  if (command.fields.includes('*')) return
  for (const key of request.body.keys()) {
    if (key === request.name || genericFields.has(key) || command.fields.includes(key)) continue
    fail('IDLUnknownField', `BSON field '${request.name}.${key}' is an unknown field.`)
  }
}

/** The commands of Stable API version 1. */
const stableApi = new Set(
  (
    'abortTransaction aggregate authenticate bulkWrite collMod commitTransaction count create createIndexes delete drop dropDatabase ' +
    'dropIndexes endSessions explain find findAndModify getMore hello insert killCursors listCollections listDatabases listIndexes ' +
    'ping refreshSessions update'
  ).split(' '),
)

function checkApi({ body, name }: Request): void {
  const version = body.get('apiVersion')
  if (version === undefined) {
    if (body.has('apiStrict') || body.has('apiDeprecationErrors'))
      fail(4886600, 'Provided apiStrict and/or apiDeprecationErrors without passing apiVersion')
    return
  }
  if (version !== '1') fail('APIVersionError', 'API version must be "1"')
  if (body.get('apiStrict') === true && !stableApi.has(name))
    fail('APIStrictError', `Provided apiStrict:true, but the command ${name} is not in API Version 1.`)
}

type Retry = { lsid: Buffer; txn: number; stmt: number }

function sessionOf(body: Doc): Buffer | null {
  const lsid = body.get('lsid')
  if (lsid === undefined) return null
  const id = isDoc(lsid) ? lsid.get('id') : undefined
  return id instanceof Binary && id.length() === 16
    ? Buffer.from(id.value())
    : fail('InvalidUUID', 'a session id is a UUID of 16 bytes')
}

function retryOf({ body, name }: Request, command: Command): Retry | null {
  const lsid = sessionOf(body)
  const txn = body.get('txnNumber')
  if (body.has('startTransaction') || body.has('autocommit'))
    fail(
      'IllegalOperation',
      'Transaction numbers are only allowed on a replica set member or mongos: this server has no transactions',
    )
  if (txn === undefined) return null
  if (!lsid) return fail('InvalidOptions', 'Transaction number requires a session ID to also be specified')
  if (!command.writes)
    fail('NotImplemented', `txnNumber may only be provided for retryable write commands, not for ${name}`)
  if (!isNumeric(txn) || toDouble(txn) < 0)
    return fail('InvalidOptions', 'Transaction number cannot be negative')
  const stmts = body.get('stmtIds')
  const stmt = body.get('stmtId') ?? (Array.isArray(stmts) ? stmts[0] : undefined)
  return { lsid, txn: toDouble(txn), stmt: isNumeric(stmt) ? toDouble(stmt) : 0 }
}

function observe({ body, clock }: Request): void {
  const cluster = body.get('$clusterTime')
  const time = isDoc(cluster) ? cluster.get('clusterTime') : undefined
  if (time instanceof Timestamp) clock.observe(time)
  const concern = body.get('readConcern')
  const after = isDoc(concern) ? concern.get('afterClusterTime') : undefined
  if (after instanceof Timestamp) clock.observe(after)
}

/** Commands that write and yet may name a view. */
const onViews = new Set(['create', 'drop', 'collMod', 'renameCollection', 'dropDatabase', 'bulkWrite'])

function refuseViewIn({ body, db, engine, name }: Request): void {
  const named = body.get(name)
  if (typeof named === 'string') refuseView(engine.find({ db, name: named }))
}

function runOnce(request: Request, command: Command): Doc {
  const retry = retryOf(request, command)
  if (!retry) return command.run(request)
  const first = request.retries.find(retry.lsid, retry.txn, retry.stmt)
  if (first) return first.copy().set('retriedStmtIds', [int(retry.stmt)])
  const reply = command.run(request)
  request.retries.remember(retry.lsid, retry.txn, retry.stmt, reply)
  return reply
}

/** A snapshot read tells its time, at which the session then goes on to read. */
function withReadTime(reply: Doc, { body, clock }: Request): Doc {
  const concern = body.get('readConcern')
  if (!isDoc(concern) || concern.get('level') !== 'snapshot') return reply
  const cursor = reply.get('cursor')
  if (isDoc(cursor)) cursor.set('atClusterTime', clock.time)
  else reply.set('atClusterTime', clock.time)
  return reply
}

function execute(request: Request): Doc {
  const command = Object.hasOwn(commands, request.name) ? commands[request.name] : undefined
  if (!command) return fail('CommandNotFound', `no such command: '${request.name}'`)
  if (command.adminOnly && request.db !== 'admin')
    fail('Unauthorized', `${request.name} may only be run against the admin database.`)
  checkApi(request)
  checkFields(request, command)
  checkConcerns(request, command)
  if (command.writes && !onViews.has(request.name)) refuseViewIn(request)
  observe(request)
  const limit = nonNegative(request, 'maxTimeMS') ?? 0
  const deadlineMs = limit > 0 ? Date.now() + limit : Number.POSITIVE_INFINITY
  const before = request.engine.commit.counters.writes
  const reply = withReadTime(runOnce({ ...request, deadlineMs }, command), request)
  if (request.engine.commit.counters.writes !== before) request.clock.tick()
  return reply
}

const noHash = new Binary(Buffer.alloc(20), 0)

function finished(reply: Doc, ok: 0 | 1, { clock }: Services): Doc {
  const full = reply.copy()
  full.set('ok', ok)
  const signature = Doc.of({ hash: noHash, keyId: 0n })
  full.set('$clusterTime', Doc.of({ clusterTime: clock.time, signature }))
  full.set('operationTime', clock.time)
  return full
}

function failed(error: unknown, { engine }: Services, log: (line: string) => void): Doc {
  if (error instanceof ServerError)
    return Doc.of({
      errmsg: error.message,
      code: int(error.code),
      codeName: error.codeName,
      ...errorFields(error),
    })
  const { message, stack } = error as Error
  const refusal = engine.commit.failed(error as Error)
  if (refusal) return failed(refusal, { engine } as Services, log)
  if (message.startsWith('no such table'))
    return failed(
      new ServerError('QueryPlanKilled', 'collection or index was dropped'),
      { engine } as Services,
      log,
    )
  log(`internal error: ${stack}`)
  return Doc.of({ errmsg: message, code: int(1), codeName: 'InternalError' })
}

/** Commands that may be run twice: they change nothing, and go on from nothing that was handed out before. */
const readsOnly = new Set(
  'hello isMaster ismaster ping buildInfo serverStatus find count distinct listCollections listIndexes endSessions'.split(
    ' ',
  ),
)

/** Commands that read what their collections hold and nothing else, unless a pipeline of theirs writes. */
const readers = new Set(['find', 'count', 'distinct', 'aggregate'])

/** An engine that notes which collections are looked for. */
function watched(engine: Engine): { engine: Engine; rests: () => Rests } {
  const found = new Set<number>()
  let isMissed = false
  const find: Engine['find'] = (namespace) => {
    const collection = engine.find(namespace)
    if (collection) found.add(collection.id)
    else isMissed = true
    return collection
  }
  // That there is no such collection may be what waits for the disk.
  return { engine: { ...engine, find }, rests: () => (isMissed ? null : found) }
}

const legacyAllowed = new Set(['hello', 'isMaster', 'ismaster'])

/** Answers messages: finds the command, checks what all share, runs it, and shapes its answer or error. */
export function dispatcher(services: Services, log: (line: string) => void) {
  const refuse = (error: unknown): Doc => finished(failed(error, services, log), 0, services)

  const answer = (message: Message, peer: Peer): { reply: Doc; rests: Rests } => {
    const { body } = message
    const name = body.firstKey() ?? ''
    const given = body.get('$db')
    const db =
      message.kind === 'query'
        ? (message.namespace.split('.')[0] as string)
        : typeof given === 'string'
          ? given
          : ''
    const { engine, rests } = readers.has(name)
      ? watched(services.engine)
      : { ...services, rests: () => null }
    const request: Request = {
      ...services,
      engine,
      name,
      body,
      db,
      peer,
      deadlineMs: Number.POSITIVE_INFINITY,
    }
    const { writes } = engine.commit.counters
    try {
      if (message.kind === 'query' && !(message.namespace.endsWith('.$cmd') && legacyAllowed.has(name)))
        fail(
          'UnsupportedOpQueryCommand',
          `Unsupported OP_QUERY command: ${name}. The client driver may require an upgrade.`,
        )
      if (message.kind === 'msg' && typeof given !== 'string')
        fail(40571, 'OP_MSG requests require a $db argument')
      const reply = finished(execute(request), 1, services)
      return { reply, rests: engine.commit.counters.writes === writes ? rests() : null }
    } catch (error) {
      return { reply: refuse(error), rests: null }
    }
  }

  /** The answer to a message whose group was undone: a write is refused, a read finds what stands now. */
  const answerUndone = (message: Message, peer: Peer, refusal: Error): Doc =>
    readsOnly.has(message.body.firstKey() ?? '') ? answer(message, peer).reply : refuse(refusal)

  return { answer, refuse, answerUndone }
}
