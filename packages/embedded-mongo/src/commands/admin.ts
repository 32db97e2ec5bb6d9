import { hostname } from 'node:os'
import { Binary, ObjectId } from 'bson'
import { Doc, isDoc } from '../bson/doc.ts'
import { maxDocumentBytes } from '../bson/validate.ts'
import type { Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { maxMessageBytes } from '../wire/messages.ts'
import { type Command, int, type Request } from './request.ts'

export const serverVersion = '8.0.4'
const electionId = new ObjectId('7fffffff0000000000000001')

const helloFields = [
  'helloOk',
  'client',
  'compression',
  'loadBalanced',
  'saslSupportedMechs',
  'speculativeAuthenticate',
  'topologyVersion',
  'maxAwaitTimeMS',
  'hostInfo',
  'internalClient',
  'backpressure',
  'forShell',
]

function helloReply(request: Request, primaryField: string): Doc {
  const { time } = request.clock
  const opTime = Doc.of({ ts: time, t: 1n })
  const date = new Date(time.t * 1000)
  return Doc.of({
    helloOk: true,
    [primaryField]: true,
    secondary: false,
    setName: request.settings.setName,
    setVersion: int(1),
    hosts: [request.peer.localAddress],
    primary: request.peer.localAddress,
    me: request.peer.localAddress,
    electionId,
    lastWrite: Doc.of({ opTime, lastWriteDate: date, majorityOpTime: opTime, majorityWriteDate: date }),
    maxBsonObjectSize: int(maxDocumentBytes),
    maxMessageSizeBytes: int(maxMessageBytes),
    maxWriteBatchSize: int(100_000),
    localTime: new Date(),
    logicalSessionTimeoutMinutes: int(30),
    connectionId: int(request.peer.id),
    minWireVersion: int(0),
    maxWireVersion: int(25),
    readOnly: false,
  })
}

const hello = (primaryField: string): Command => ({
  fields: helloFields,
  run(request) {
    if (request.body.has('speculativeAuthenticate') && isDoc(request.body.get('speculativeAuthenticate')))
      return helloReply(request, primaryField)
    return helloReply(request, primaryField)
  },
})

const simple = (
  run: (request: Request) => Doc,
  fields: readonly string[] = [],
  adminOnly = false,
): Command => ({ run, fields, adminOnly })

const buildInfo = simple(() =>
  Doc.of({
    version: serverVersion,
    gitVersion: 'embedded',
    modules: [],
    allocator: 'system',
    javascriptEngine: 'none',
    versionArray: [8, 0, 4, 0].map(int),
    openssl: Doc.of({ running: 'disabled' }),
    bits: int(64),
    debug: false,
    maxBsonObjectSize: int(maxDocumentBytes),
    storageEngines: ['sqlite'],
  }),
)

const parameters: Record<string, Value> = {
  authenticationMechanisms: [],
  featureCompatibilityVersion: Doc.of({ version: '8.0' }),
  enableTestCommands: false,
  logLevel: int(0),
}

const getParameter = simple(
  (request) => {
    const wanted = request.body.get('getParameter')
    if (wanted === '*' || (isDoc(wanted) && wanted.get('allParameters') === true)) return Doc.of(parameters)
    const found = request.body.keys().filter((key) => Object.hasOwn(parameters, key))
    if (found.length === 0) fail('InvalidOptions', 'no option found to get')
    return Doc.of(Object.fromEntries(found.map((key) => [key, parameters[key]])))
  },
  ['*'],
  true,
)

const serverStatus = simple(
  (request) => {
    const { commit } = request.engine
    return Doc.of({
      host: hostname(),
      version: serverVersion,
      process: 'mongod',
      pid: BigInt(process.pid),
      uptime: (Date.now() - request.startedAtMs) / 1000,
      uptimeMillis: BigInt(Date.now() - request.startedAtMs),
      localTime: new Date(),
      connections: Doc.of({ current: int(request.settings.connections()) }),
      storageEngine: Doc.of({ name: 'sqlite', persistent: true }),
      repl: Doc.of({
        setName: request.settings.setName,
        isWritablePrimary: true,
        hosts: [request.peer.localAddress],
      }),
      metrics: Doc.of({ cursor: Doc.of({ open: Doc.of({ total: BigInt(request.cursors.size) }) }) }),
      groupCommit: Doc.of({
        writes: BigInt(commit.counters.writes),
        flushes: BigInt(commit.counters.flushes),
        undone: BigInt(commit.counters.undone),
      }),
    })
  },
  ['*'],
)

const connectionStatus = simple(
  () => Doc.of({ authInfo: Doc.of({ authenticatedUsers: [], authenticatedUserRoles: [] }) }),
  ['showPrivileges'],
)

const hostInfo = simple(() => Doc.of({ system: Doc.of({ currentTime: new Date(), hostname: hostname() }) }))

const cmdLineOpts = simple(() => Doc.of({ argv: ['embedded-mongo'], parsed: Doc.of({}) }))

function sessionIds(request: Request): Buffer[] {
  const list = request.body.get(request.name)
  if (!Array.isArray(list))
    return fail(
      'TypeMismatch',
      `BSON field '${request.name}.${request.name}' is the wrong type, expected type 'array'`,
    )
  return list.map((session) => {
    const id = isDoc(session) ? session.get('id') : undefined
    return id instanceof Binary
      ? Buffer.from(id.value())
      : fail('TypeMismatch', 'a session is named by its id')
  })
}

const endSessions = simple((request) => {
  for (const id of sessionIds(request)) request.retries.end(id)
  return Doc.of({})
})

const startSession = simple(() =>
  Doc.of({ id: Doc.of({ id: new Binary(randomUuid(), Binary.SUBTYPE_UUID) }), timeoutMinutes: int(30) }),
)

function randomUuid(): Buffer {
  return Buffer.from(crypto.randomUUID().replaceAll('-', ''), 'hex')
}

const refused = (
  code: 'AuthenticationFailed' | 'IllegalOperation' | 'CommandNotSupported',
  why: string,
): Command => ({
  fields: ['*'],
  run: () => fail(code, why),
})

const notInTransaction = refused('IllegalOperation', 'Transactions are not supported by this server')

/** Commands about the server itself. */
export const adminCommands: Record<string, Command> = {
  hello: hello('isWritablePrimary'),
  isMaster: hello('ismaster'),
  ismaster: hello('ismaster'),
  ping: simple(() => Doc.of({})),
  buildInfo,
  buildinfo: buildInfo,
  getParameter,
  serverStatus,
  connectionStatus,
  hostInfo,
  getCmdLineOpts: cmdLineOpts,
  whatsmyuri: simple((request) => Doc.of({ you: request.peer.remoteAddress })),
  endSessions,
  killSessions: endSessions,
  refreshSessions: simple(() => Doc.of({})),
  startSession,
  logout: simple(() => Doc.of({})),
  getLog: simple(() => Doc.of({ totalLinesWritten: int(0), log: [] })),
  fsync: simple(
    (request) => {
      request.engine.commit.flush()
      return Doc.of({ numFiles: int(1) })
    },
    ['lock'],
  ),
  replSetGetStatus: simple((request) =>
    Doc.of({
      set: request.settings.setName,
      myState: int(1),
      members: [
        Doc.of({
          _id: int(0),
          name: request.peer.localAddress,
          health: 1,
          state: int(1),
          stateStr: 'PRIMARY',
          self: true,
        }),
      ],
    }),
  ),
  saslStart: refused('AuthenticationFailed', 'Authentication is not supported by this server'),
  saslContinue: refused('AuthenticationFailed', 'Authentication is not supported by this server'),
  authenticate: refused('AuthenticationFailed', 'Authentication is not supported by this server'),
  commitTransaction: notInTransaction,
  abortTransaction: notInTransaction,
}
