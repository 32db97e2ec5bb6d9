import type { EventContract, EventOf } from '@heed/events'
import { AckPolicy, DeliverPolicy, nanos } from 'nats'
import type { ConsumeDeps } from './consume.ts'
import { decodeEvent } from './decode.ts'
import { BusUnavailableError } from './errors.ts'
import { isNotFound, type StreamSpec } from './streams.ts'

const messagesAtOnce = 512
const fetchWithinMs = 5_000

/**
 * What a stream holds when the reading begins, in its order, and then ends. Throws BusUnavailableError where a
 * message was lost on its way: whoever reads must then read again from the start. A stream that is not there is
 * an empty one.
 */
export async function* readStored<Contract extends EventContract>(
  { connection: { nc }, log }: ConsumeDeps,
  { contract, stream, reader }: { contract: Contract; stream: StreamSpec; reader: string },
): AsyncGenerator<EventOf<Contract>> {
  const manager = await nc.jetstreamManager({ checkAPI: false, timeout: fetchWithinMs })
  const info = await manager.streams.info(stream.name).catch((error: unknown) => {
    if (isNotFound(error)) return null
    throw error
  })
  if (!info || info.state.messages === 0) return
  const last = info.state.last_seq
  // Another reading of that name may have ended half way; this one begins at the start.
  await manager.consumers.delete(stream.name, reader).catch((error: unknown) => {
    if (!isNotFound(error)) throw error
  })
  const made = await manager.consumers.add(stream.name, {
    name: reader,
    filter_subject: contract.subject('*'),
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.All,
    max_deliver: 1,
    mem_storage: true,
    num_replicas: 1,
    inactive_threshold: nanos(60_000),
  })
  const consumer = nc.jetstream({ timeout: fetchWithinMs }).consumers.getPullConsumerFor(made)
  for (let delivered = 0, pending = made.num_pending; pending > 0; ) {
    const before = delivered
    const round = await consumer.fetch({
      max_messages: Math.min(messagesAtOnce, pending),
      expires: fetchWithinMs,
    })
    for await (const message of round) {
      if (message.info.deliverySequence !== delivered + 1)
        throw new BusUnavailableError(`a message of ${stream.name} was lost on its way`)
      delivered += 1
      pending = message.seq >= last ? 0 : message.info.pending
      const event = decodeEvent(contract, message.data)
      if (event !== null) yield event
      else log.error({ stream: stream.name, seq: message.seq }, 'malformed event skipped')
    }
    if (delivered === before) throw new BusUnavailableError(`stream ${stream.name} does not answer`)
  }
}
