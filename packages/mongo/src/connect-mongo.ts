import { type Logger, untilItWorks } from '@heed/service'
import { type Db, MongoClient, type MongoClientOptions } from 'mongodb'
import { majorityRead, majorityWrite, safetyMajorityWrite } from './concerns.ts'
import { endWaitingWrites } from './end-waiting-writes.ts'

export interface MongoConnection extends AsyncDisposable {
  readonly client: MongoClient
  db(name: string): Db
  /** Resolves when a primary answered, rejects within the client's own deadlines otherwise. */
  ping(): Promise<void>
}

export interface MongoConnectionOptions {
  url: string
  /** Shown in the server's logs and `currentOp`, such as `heed-compliance`. */
  appName: string
  purpose: 'safety' | 'ordinary'
  log?: Logger
  /** Its abort ends the wait for the server; without one the wait has no end. */
  signal?: AbortSignal
  /**
   * Aborted when the process begins to stop: ends the wait, too, and what still waits for an answer 6 s later, so
   * that a database that hangs does not hold the process up.
   */
  stopping?: AbortSignal | undefined
}

/** The connection string cannot be used. Its text is left out: it may hold a password. */
export class MongoUrlError extends Error {
  override name = 'MongoUrlError'
}

/**
 * Connects, waiting with backoff for as long as no primary answers; the log says so, naming hosts and reason
 * and no credentials. What the options below set wins over the same option in the URL.
 */
export async function connectMongo(options: MongoConnectionOptions): Promise<MongoConnection> {
  const signal = either(options.signal, options.stopping)
  signal.signal?.throwIfAborted()
  const hosts = hostsOf(newClient(options))
  const wait = waitingLog(hosts, options.log)
  const client = await untilItWorks(() => connectOnce({ ...options, ...signal }, wait.told), {
    backoff: { firstMs: 50, maxMs: 2_000 },
    ...signal,
  })
  wait.over()
  const late = endLate(client, options.stopping)
  return {
    client,
    db: (name) => client.db(name),
    ping: async () => {
      await client.db('admin').command({ ping: 1 })
    },
    async [Symbol.asyncDispose]() {
      late[Symbol.dispose]()
      await closeWithin(client, closeWithinMs)
    },
  }
}

function either(...signals: (AbortSignal | undefined)[]): { signal?: AbortSignal } {
  const given = signals.filter((signal) => signal !== undefined)
  return given.length === 0 ? {} : { signal: AbortSignal.any(given) }
}

const endAfterMs = 6_000
const closeWithinMs = 2_000

function endLate(client: MongoClient, stopping: AbortSignal | undefined): Disposable {
  let timer: NodeJS.Timeout | undefined
  const begin = () => {
    timer = setTimeout(() => void client.close().catch(() => {}), endAfterMs).unref()
  }
  stopping?.addEventListener('abort', begin, { once: true })
  return {
    [Symbol.dispose]() {
      stopping?.removeEventListener('abort', begin)
      clearTimeout(timer)
    },
  }
}

/** Closing tells the server of its sessions, which a server that hangs never hears. */
async function closeWithin(client: MongoClient, ms: number): Promise<void> {
  const enough = Promise.withResolvers<void>()
  const timer = setTimeout(enough.resolve, ms)
  await Promise.race([client.close(), enough.promise])
  clearTimeout(timer)
}

const patienceMs = 1_000

/** One attempt, which takes as long as the client selects a server; `told` hears of the reason sooner. */
async function connectOnce(
  options: MongoConnectionOptions,
  told: (reason: string) => void,
): Promise<MongoClient> {
  const client = newClient(options)
  let reason = 'no primary yet'
  client.on('serverHeartbeatFailed', ({ failure }) => {
    reason = nameOf(failure)
  })
  const slow = setTimeout(() => told(reason), patienceMs)
  const giveUp = () => void client.close().catch(() => {})
  options.signal?.addEventListener('abort', giveUp, { once: true })
  try {
    return await client.connect()
  } catch (error) {
    told(nameOf(error))
    await client.close().catch(() => {})
    throw error
  } finally {
    clearTimeout(slow)
    client.removeAllListeners('serverHeartbeatFailed')
    options.signal?.removeEventListener('abort', giveUp)
  }
}

const remindEveryMs = 30_000

function waitingLog(hosts: string[], log: Logger | undefined) {
  let toldAt = Number.NEGATIVE_INFINITY
  return {
    told(reason: string) {
      if (performance.now() - toldAt < remindEveryMs) return
      toldAt = performance.now()
      log?.warn({ hosts, reason }, 'waiting for MongoDB')
    },
    over() {
      if (toldAt > 0) log?.info({ hosts }, 'MongoDB is there')
    },
  }
}

function newClient({ url, appName, purpose }: MongoConnectionOptions): MongoClient {
  endWaitingWrites()
  try {
    return new MongoClient(url, { appName, ...settings[purpose] })
  } catch {
    throw new MongoUrlError('the MongoDB connection string is not valid')
  }
}

const settings: Record<MongoConnectionOptions['purpose'], MongoClientOptions> = {
  /**
   * Nothing is tried twice behind the caller's back: a verdict's age counts from before the question, and a
   * write whose outcome is unknown is begun again by its caller, whose filter lets one attempt apply at most.
   */
  safety: {
    readPreference: 'primary',
    readConcernLevel: majorityRead.level,
    writeConcern: safetyMajorityWrite,
    retryReads: false,
    retryWrites: false,
    maxAdaptiveRetries: 0,
    socketTimeoutMS: 450,
    serverSelectionTimeoutMS: 400,
    // Of the heartbeat too, and one that fails ends every call under way and every connection: on a server or a network
    // that is merely slow the driver would never get past that. No call waits for a connection that long: see the next line.
    connectTimeoutMS: 2_000,
    waitQueueTimeoutMS: 400,
    // The driver's 10 s would let the first call after an election fail on what it last saw.
    heartbeatFrequencyMS: 1_000,
    // A handshake inside a call's 450 ms would cost it its deadline.
    minPoolSize: 2,
    maxPoolSize: 32,
  },
  ordinary: {
    readPreference: 'primary',
    readConcernLevel: majorityRead.level,
    writeConcern: majorityWrite,
    retryReads: true,
    retryWrites: true,
    socketTimeoutMS: 30_000,
    serverSelectionTimeoutMS: 5_000,
    connectTimeoutMS: 2_000,
    waitQueueTimeoutMS: 5_000,
    heartbeatFrequencyMS: 2_000,
    maxPoolSize: 50,
  },
}

function hostsOf(client: MongoClient): string[] {
  const { srvHost, hosts } = client.options
  return srvHost ? [srvHost] : hosts.map(String)
}

/** The innermost message names the cause ("connect ECONNREFUSED"); the driver's outer ones repeat it. */
function nameOf(error: unknown): string {
  let at = error
  while (at instanceof Error && at.cause instanceof Error) at = at.cause
  return at instanceof Error ? `${at.name}: ${at.message}` : 'unknown'
}
