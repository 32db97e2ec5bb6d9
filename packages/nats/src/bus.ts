import type { EventContract, EventOf } from '@heed/events'
import { type Logger, openAlarms, type Registry, traced, traceHeaders } from '@heed/service'
import { openConnection } from './connection.ts'
import type { ConsumeDeps, ConsumeOptions, Consuming, Delivery, Verdict } from './consume.ts'
import { consumeStream } from './consume.ts'
import { decodeEvent, encode } from './decode.ts'
import { MalformedEventError } from './errors.ts'
import { type Following, type FollowOptions, followStream } from './follow.ts'
import { forgetLife } from './forget-life.ts'
import { busMetrics } from './metrics.ts'
import { headersOf, type Published, ping, publisher } from './publish.ts'
import { readStored } from './read-stored.ts'
import { ensureStream, type StreamSpec, streamOf } from './streams.ts'
import { acknowledgedHeader, type Heard, subjectOf, subscribeTo } from './subscribe.ts'
import { openWorkQueue, type WorkQueue, type WorkQueueSpec } from './work-queue.ts'

type Handler<Contract, Result> = (event: EventOf<Contract>) => Promise<Result> | Result

export interface Bus extends AsyncDisposable {
  isConnected(): boolean
  /** Rejects when the server does not answer within a second; fit for `/readyz`. */
  ping(): Promise<void>
  /** Creates the stream or brings it up to its definition; any number of instances may do so at once. */
  ensureStream(spec: StreamSpec): Promise<void>
  /**
   * Stores the event in its stream under its message id. Returns when acknowledged, within 5 s, or throws
   * BusUnavailableError; MalformedEventError where the event breaks its contract. `acknowledgedAt`, ms since 1970,
   * travels beside the event to who subscribes.
   */
  publish<C extends EventContract>(
    contract: C,
    account: string,
    event: EventOf<C>,
    beside?: { acknowledgedAt?: number | undefined },
  ): Promise<Published>
  /** Tells whoever listens now, without acknowledgement. Returns false where nothing could be sent. */
  hint<C extends EventContract>(contract: C, account: string, event: EventOf<C>): boolean
  /** Events as they arrive, at most once, also those that streams store; account `*` means all. */
  subscribe<C extends EventContract>(
    contract: C,
    account: string,
    handler: (event: EventOf<C>, heard: Heard) => Promise<void> | void,
    options?: { onMalformed?: () => void },
  ): Disposable
  /** A stream's events in order, one at a time, from its start or from now on, as this process's own reader. */
  follow<C extends EventContract>(
    contract: C,
    account: string,
    options: FollowOptions,
    handler: Handler<C, void>,
  ): Following
  /** A stream's events of all accounts, at least once, shared among the instances that name one durable. */
  consume<C extends EventContract>(
    contract: C,
    options: ConsumeOptions,
    handler: (event: EventOf<C>, delivery: Delivery) => Promise<Verdict> | Verdict,
  ): Consuming
  /** What a contract's stream holds now, of all accounts, in its order; ends there. One reading at a time by a name. */
  stored<C extends EventContract>(contract: C, reader: string): AsyncIterable<EventOf<C>>
  workQueue(spec: WorkQueueSpec): WorkQueue
  /** Removes the durables and work queues of this bus's `databaseId` from the server, for a life that is over. */
  forget(): Promise<void>
}

export interface BusOptions {
  /** `nats://user:password@host:4222`, several separated by commas; `tls://` where encrypted. */
  url: string
  /** Shown in the server's list of connections, such as `heed-campaign`. */
  name: string
  log: Logger
  /** Sets durables and work queues of one life of the system apart from another's on the same server. */
  databaseId?: string
  metrics?: Registry
  /** Ends the wait for the first connection. */
  signal?: AbortSignal
}

/** Connects, waiting with backoff until a server is there. Disposal ends what was opened, then drains. */
export async function connectBus(options: BusOptions): Promise<Bus> {
  const raise = openAlarms(options)
  const connection = await openConnection({ ...options, raise })
  const metrics = busMetrics(options.metrics, options.name, connection.isConnected)
  const deps: ConsumeDeps = { connection, metrics, log: options.log, raise }
  const store = publisher(deps)
  const apart = options.databaseId ? `_${options.databaseId}` : ''
  const open = new Set<AsyncDisposable>()
  const tracked = <T extends AsyncDisposable>(opened: T): T => {
    open.add(opened)
    return opened
  }
  return {
    isConnected: connection.isConnected,
    ping: () => ping(connection),
    ensureStream: async (spec) =>
      ensureStream(await connection.nc.jetstreamManager({ checkAPI: false, timeout: 5_000 }), spec, raise),
    publish: async (contract, account, event, { acknowledgedAt } = {}) =>
      store({
        stream: streamFor(contract),
        subject: subjectOf(contract, account),
        data: encodeChecked(contract, event),
        messageId: contract.messageId(event),
        headers: acknowledgedAt === undefined ? [] : [[acknowledgedHeader, String(acknowledgedAt)]],
      }),
    hint(contract, account, event) {
      if (!connection.isConnected()) return false
      traced(`hint ${contract.name}`, { kind: 'producer' }, () => {
        const beside = Object.entries(traceHeaders())
        const options = beside.length === 0 ? {} : { headers: headersOf(beside) }
        connection.nc.publish(subjectOf(contract, account), encodeChecked(contract, event), options)
      })
      return true
    },
    subscribe: (contract, account, handler, more) =>
      subscribeTo(deps, { contract, account, ...more }, handler),
    follow: (contract, account, { from }, handler) => {
      subjectOf(contract, account)
      return tracked(followStream(deps, { from, contract, account, stream: streamFor(contract) }, handler))
    },
    consume(contract, more, handler) {
      const decode = (data: Uint8Array) => decodeEvent(contract, data)
      const durable = `${more.durable}${apart}`
      const shared = { ...more, durable, stream: streamFor(contract), filter: contract.subject('*'), decode }
      return tracked(consumeStream(deps, shared, handler))
    },
    stored: (contract, reader) => readStored(deps, { contract, stream: streamFor(contract), reader }),
    workQueue(spec) {
      const suffix = options.databaseId ? `.${options.databaseId}` : ''
      const own = { stream: `${spec.stream}${apart}`, subject: `${spec.subject}${suffix}` }
      const queue = openWorkQueue(deps, store, own)
      return { ...queue, consume: (more, handler) => tracked(queue.consume(more, handler)) }
    },
    async forget() {
      if (options.databaseId) await forgetLife(connection.nc, options.databaseId)
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled([...open].map((opened) => opened[Symbol.asyncDispose]()))
      await connection[Symbol.asyncDispose]()
    },
  }
}

function streamFor(contract: EventContract): StreamSpec {
  const stream = streamOf(contract)
  if (!stream) throw new TypeError(`no stream keeps ${contract.name}`)
  return stream
}

function encodeChecked<C extends EventContract>(contract: C, event: EventOf<C>): Uint8Array {
  const { error } = contract.schema.safeParse(event)
  if (!error) return encode(event)
  const fields = [...new Set(error.issues.map(({ path }) => path.join('.')))]
  throw new MalformedEventError(`${contract.name} breaks its contract in: ${fields.join(', ')}`)
}
