import { backoffMs, type Logger, type RaiseAlarm, traced } from '@heed/service'
import { AckPolicy, type ConsumerConfig, DeliverPolicy, type JsMsg, nanos } from 'nats'
import type { Connection } from './connection.ts'
import type { BusMetrics } from './metrics.ts'
import { pullLoop, type Source } from './pull-loop.ts'
import { apiCode, ensureStream, type StreamSpec } from './streams.ts'
import { sentBeside } from './subscribe.ts'

/** `ack` is done for good; `term` can never succeed; otherwise it comes again, which costs no attempt. */
export type Verdict = 'ack' | 'term' | { retryInMs: number }

export interface Delivery {
  /** 1 at first; counts what comes again for whatever reason, so it is no count of failures. */
  readonly deliveries: number
  /** Aborted when consuming ends; a handler that waits should return soon. */
  readonly signal: AbortSignal
}

export interface ConsumeOptions {
  /** All instances with one name share the work. */
  durable: string
  /** A message whose handler shows no life comes again after this; handlers that run are kept alive. */
  ackWaitMs?: number
  /** Unacknowledged messages over all instances. */
  maxAckPending?: number
  /** Messages worked on at a time in this instance. */
  concurrency?: number
  /** A handler that runs longer is taken for stuck and its message comes again. */
  handlerMaxMs?: number
}

export interface Consuming extends AsyncDisposable {
  /** Messages being worked on in this instance. */
  readonly inFlight: () => number
}

export interface ConsumeDeps {
  connection: Connection
  log: Logger
  metrics: BusMetrics
  raise: RaiseAlarm
}

const alreadyExists = new Set([10_013, 10_105, 10_148])

/**
 * A durable pull consumer with explicit acknowledgements. It is made again with its stream where it was lost,
 * so a durable that lost its place begins at the oldest message that is there: handlers must be idempotent.
 */
export function consumeStream<Job>(
  deps: ConsumeDeps,
  options: ConsumeOptions & { stream: StreamSpec; filter: string; decode: (data: Uint8Array) => Job | null },
  handler: (job: Job, delivery: Delivery) => Promise<Verdict> | Verdict,
): Consuming {
  const { ackWaitMs = 30_000, concurrency = 8, maxAckPending = 1_024, handlerMaxMs = 300_000 } = options
  const stopping = new AbortController()
  let inFlight = 0
  const open = () =>
    openDurable(deps, options.stream, {
      durable_name: options.durable,
      filter_subject: options.filter,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: nanos(ackWaitMs),
      max_ack_pending: maxAckPending,
      max_deliver: -1,
    })
  const gauge = deps.metrics.consuming(options.stream.name, options.durable, () => inFlight)
  const handle = async (message: JsMsg) => {
    gauge.pending(message.info.pending)
    const job = options.decode(message.data)
    if (job === null) {
      deps.metrics.malformed(options.stream.name)
      deps.log.error({ stream: options.stream.name, seq: message.seq }, 'malformed message dropped')
      return message.term()
    }
    inFlight++
    const alive = keepAlive(message, ackWaitMs, handlerMaxMs)
    try {
      const deliveries = message.info.deliveryCount
      const from = sentBeside(message)
      const verdict = await traced(`work ${options.durable}`, { kind: 'consumer', from }, async () =>
        handler(job, { deliveries, signal: stopping.signal }),
      )
      settle(message, verdict)
    } catch (err) {
      deps.log.error({ stream: options.stream.name, seq: message.seq, err }, 'handler failed, trying again')
      message.nak(backoffMs(message.info.deliveryCount, { firstMs: 500, maxMs: 60_000 }))
    } finally {
      clearInterval(alive)
      inFlight--
    }
  }
  const label = `${options.stream.name}/${options.durable}`
  const ended = pullLoop({ ...deps, label, slots: concurrency, signal: stopping.signal, open, handle })
  return {
    inFlight: () => inFlight,
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await ended
    },
  }
}

function settle(message: JsMsg, verdict: Verdict): void {
  if (verdict === 'ack') message.ack()
  else if (verdict === 'term') message.term()
  else message.nak(Math.max(1, verdict.retryInMs))
}

function keepAlive(message: JsMsg, ackWaitMs: number, handlerMaxMs: number): NodeJS.Timeout {
  const until = performance.now() + handlerMaxMs
  const timer = setInterval(() => {
    if (performance.now() < until) message.working()
    else clearInterval(timer)
  }, ackWaitMs / 3)
  return timer
}

async function openDurable(
  { connection: { nc }, raise }: ConsumeDeps,
  stream: StreamSpec,
  config: Partial<ConsumerConfig> & { durable_name: string },
): Promise<Source> {
  const manager = await nc.jetstreamManager({ checkAPI: false, timeout: 5_000 })
  await ensureStream(manager, stream, raise)
  const info = await manager.consumers.add(stream.name, config).catch((error: unknown) => {
    if (!alreadyExists.has(apiCode(error) ?? 0)) throw error
    return manager.consumers.update(stream.name, config.durable_name, config)
  })
  return { consumer: nc.jetstream({ timeout: 5_000 }).consumers.getPullConsumerFor(info) }
}
