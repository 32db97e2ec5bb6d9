import { type Logger, pause, type RaiseAlarm, untilItWorks } from '@heed/service'
import { connect, ErrorCode, Events, type NatsConnection } from 'nats'
import { serverAddress } from './server-address.ts'

export interface Connection extends AsyncDisposable {
  readonly nc: NatsConnection
  /** Where replies to this connection go, in place of `_INBOX`. */
  readonly inboxPrefix?: string
  isConnected(): boolean
  /** Aborted when the present connection is lost; while there is none, it is aborted already. */
  life(): AbortSignal
  /** Resolves when connected, or when the signal is aborted; never rejects. */
  connected(signal: AbortSignal): Promise<void>
}

const drainWithinMs = 1_000

/**
 * Waits with backoff until a server is there, then stays: lost connections are made again for ever, with
 * jitter, also where credentials are refused for a while. Disposal drains within 1 s, then closes.
 */
export async function openConnection(options: {
  url: string
  name: string
  log: Logger
  raise: RaiseAlarm
  signal?: AbortSignal
}): Promise<Connection> {
  const { log, raise } = options
  options.signal?.throwIfAborted()
  const address = serverAddress(options.url)
  const open = () =>
    connect({
      ...address,
      name: options.name,
      timeout: 2_000,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 200,
      reconnectJitter: 300,
      reconnectJitterTLS: 300,
      // A server that answers nothing is given up after 10 s; the client's default is four minutes.
      pingInterval: 5_000,
      maxPingOut: 2,
      ignoreAuthErrorAbort: true,
      noAsyncTraces: true,
    })
  let waited = false
  const nc = await untilItWorks(open, {
    backoff: { firstMs: 50, maxMs: 2_000 },
    ...(options.signal ? { signal: options.signal } : {}),
    onFailure: (error) => {
      waited = true
      const reason = reasonOf(error)
      log.warn({ servers: address.servers, reason }, 'waiting for NATS')
      if (refusals.has(reason)) raise('nats-refused', { reason })
    },
  })
  if (waited) log.info({ servers: address.servers }, 'NATS is there')
  const state = watch(nc, log, raise)
  const { inboxPrefix } = address
  return {
    nc,
    ...(inboxPrefix === undefined ? {} : { inboxPrefix }),
    ...state,
    async [Symbol.asyncDispose]() {
      if (nc.isClosed()) return
      if (state.isConnected()) await within(nc.drain(), drainWithinMs)
      await nc.close()
    },
  }
}

const refusals: ReadonlySet<string> = new Set([
  ErrorCode.PermissionsViolation,
  ErrorCode.AuthorizationViolation,
  ErrorCode.AccountExpired,
  ErrorCode.AuthenticationExpired,
])

function watch(
  nc: NatsConnection,
  log: Logger,
  raise: RaiseAlarm,
): Pick<Connection, 'isConnected' | 'life' | 'connected'> {
  let lost = new AbortController()
  let back = Promise.withResolvers<void>()
  const follow = async () => {
    for await (const { type, data, permissionContext } of nc.status()) {
      if (type === Events.Disconnect && !lost.signal.aborted) {
        lost.abort()
        log.warn({ server: data }, 'NATS connection lost, connecting again')
      } else if (type === Events.Reconnect) {
        lost = new AbortController()
        back.resolve()
        back = Promise.withResolvers()
        log.info({ server: data }, 'NATS connection is back')
      } else if (type === Events.Error) {
        if (refusals.has(String(data))) raise('nats-refused', { reason: data, ...permissionContext })
        else log.warn({ code: data }, 'NATS tells of an error')
      }
    }
  }
  void follow()
  void nc.closed().then((err) => {
    lost.abort()
    if (err) log.error({ err }, 'NATS connection closed for good')
  })
  return {
    isConnected: () => !lost.signal.aborted && !nc.isClosed(),
    life: () => lost.signal,
    async connected(signal) {
      while (lost.signal.aborted && !signal.aborted) await untilEither(back.promise, signal)
    },
  }
}

function untilEither(event: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
    void event.then(done)
  })
}

async function within(work: Promise<void>, ms: number): Promise<void> {
  const enough = new AbortController()
  await Promise.race([work.catch(() => {}), pause(ms, enough.signal)])
  enough.abort()
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}
