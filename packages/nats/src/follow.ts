import type { EventContract, EventOf } from '@heed/events'
import { backoffMs, pause } from '@heed/service'
import { AckPolicy, type ConsumerConfig, DeliverPolicy, type JsMsg, nanos } from 'nats'
import type { ConsumeDeps } from './consume.ts'
import { decodeEvent } from './decode.ts'
import { pullLoop, type Source } from './pull-loop.ts'
import { ensureStream, type StreamSpec } from './streams.ts'

export interface FollowOptions {
  from: 'start' | 'now'
}

export interface Following extends AsyncDisposable {
  /** Resolves when it reads the stream: from here on nothing published is missed. */
  readonly opened: Promise<void>
}

/** Where a follower is: in which life of the stream, after which message of it, after how many of its consumer. */
interface Place {
  streamCreated: string | null
  handled: number
  delivered: number
  lost: AbortController
}

/**
 * Hands over every event of the stream in order, one at a time. A message lost on the way is asked for again,
 * and so is all since the last handled one after each lost connection. A stream that was lost and made anew
 * is read from its first message: its own numbers cannot show what is missing, so completeness is the
 * business of the events' own numbering. A failing handler gets the same event again until it succeeds.
 */
export function followStream<Contract extends EventContract>(
  deps: ConsumeDeps,
  options: FollowOptions & { stream: StreamSpec; contract: Contract; account: string },
  handler: (event: EventOf<Contract>) => Promise<void> | void,
): Following {
  const stopping = new AbortController()
  const place: Place = { streamCreated: null, handled: 0, delivered: 0, lost: new AbortController() }
  const opened = Promise.withResolvers<void>()
  let turn = Promise.resolve()
  const handleInOrder = async (message: JsMsg) => {
    if (place.lost.signal.aborted || stopping.signal.aborted) return
    if (message.info.deliverySequence !== place.delivered + 1) return place.lost.abort()
    place.delivered++
    const event = decodeEvent(options.contract, message.data)
    if (event === null) {
      deps.metrics.malformed(options.stream.name)
      deps.log.error({ stream: options.stream.name, seq: message.seq }, 'malformed event skipped')
    } else if (!(await untilHandled(() => handler(event), deps, stopping.signal))) {
      return
    }
    place.handled = message.seq
  }
  const ended = pullLoop({
    ...deps,
    label: `${options.stream.name}/follow`,
    slots: 64,
    signal: stopping.signal,
    open: async () => {
      await turn
      const source = await openOrdered(deps, options, place)
      opened.resolve()
      return source
    },
    handle: (message) => {
      turn = turn.then(() => handleInOrder(message))
      return turn
    },
  })
  return {
    opened: opened.promise,
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await ended
      opened.resolve()
    },
  }
}

async function untilHandled(
  attempt: () => Promise<void> | void,
  { log }: ConsumeDeps,
  signal: AbortSignal,
): Promise<boolean> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      await attempt()
      return true
    } catch (err) {
      if (failures === 0) log.error({ err }, 'handler failed, trying the same event again')
      await pause(backoffMs(failures, { firstMs: 100, maxMs: 10_000 }), signal)
    }
  }
  return false
}

async function openOrdered(
  { connection: { nc }, raise }: ConsumeDeps,
  options: FollowOptions & { stream: StreamSpec; contract: EventContract; account: string },
  place: Place,
): Promise<Source> {
  const { stream } = options
  const manager = await nc.jetstreamManager({ checkAPI: false, timeout: 5_000 })
  await ensureStream(manager, stream, raise)
  const { created, state } = await manager.streams.info(stream.name)
  const isFirst = place.streamCreated === null
  if (isFirst && options.from === 'now') place.handled = state.last_seq
  const isAnother = !isFirst && (created !== place.streamCreated || state.last_seq < place.handled)
  if (isAnother) place.handled = 0
  place.streamCreated = created
  place.delivered = 0
  place.lost = new AbortController()
  const config: Partial<ConsumerConfig> = {
    filter_subject: options.contract.subject(options.account),
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: place.handled + 1,
    max_deliver: 1,
    mem_storage: true,
    num_replicas: 1,
    inactive_threshold: nanos(60_000),
  }
  const info = await manager.consumers.add(stream.name, config)
  return {
    consumer: nc.jetstream({ timeout: 5_000 }).consumers.getPullConsumerFor(info),
    lost: place.lost.signal,
  }
}
