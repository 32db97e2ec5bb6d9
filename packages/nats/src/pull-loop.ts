import { backoffMs, type Logger, pause } from '@heed/service'
import type { Consumer, JsMsg } from 'nats'
import type { Connection } from './connection.ts'

/** How long one request for messages stands; also the longest time after which a lost one is noticed. */
const expiresMs = 10_000
const heartbeatMs = 2_000
/** How long slots may go on falling free before they are filled together. */
const settleMs = 2

/** Where messages come from; `lost` ends its use before an error shows. */
export interface Source {
  consumer: Consumer
  lost?: AbortSignal
}

export interface PullLoopOptions {
  connection: Connection
  log: Logger
  label: string
  slots: number
  signal: AbortSignal
  open: () => Promise<Source>
  /** Told of messages in the order of their arrival. */
  handle: (message: JsMsg) => Promise<void>
}

/**
 * Asks for messages for ever, never for more than `slots` at a time, so that what waits here is never more
 * than what is worked on. Each round is a request of its own with heartbeats: a consumer, stream or server
 * that went away ends the round, `open` makes what is missing, and the next round goes on.
 * Returns when the signal is aborted and every handled message has ended.
 */
export async function pullLoop(options: PullLoopOptions): Promise<void> {
  const { connection, signal, log, label, slots } = options
  const working = new Set<Promise<void>>()
  const take = (message: JsMsg) => {
    const ended = options
      .handle(message)
      .catch((err: unknown) => log.error({ consumer: label, err }, 'a message could not be settled'))
      .finally(() => working.delete(ended))
    working.add(ended)
  }
  let failures = 0
  const session = async () => {
    await connection.connected(signal)
    const life = connection.life()
    const source = await unlessAborted(options.open(), signal)
    if (source === null) return
    const { consumer, lost } = source
    const ending = AbortSignal.any([signal, life, ...(lost ? [lost] : [])])
    while (!ending.aborted) {
      while (working.size >= slots) await Promise.race(working)
      // A request for each slot that falls free would cost a round trip a message.
      if (working.size > slots / 2) await pause(settleMs, signal)
      await pullOnce(consumer, slots - working.size, { ending, stopping: signal }, take)
      if (failures > 0 && !ending.aborted) log.info({ consumer: label, failures }, 'consuming goes on')
      failures = 0
    }
  }
  while (!signal.aborted) {
    try {
      await session()
    } catch (err) {
      if (signal.aborted) break
      if (failures++ === 0) log.warn({ consumer: label, err }, 'consuming failed, trying again')
      await pause(backoffMs(failures, { firstMs: 50, maxMs: 5_000 }), signal)
    }
  }
  await Promise.all(working)
}

/** Null where the signal comes first: a server that hangs is not waited for by who stops. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  const aborted = Promise.withResolvers<null>()
  const abort = () => aborted.resolve(null)
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  work.catch(() => {})
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

async function pullOnce(
  consumer: Consumer,
  free: number,
  { ending, stopping }: { ending: AbortSignal; stopping: AbortSignal },
  take: (message: JsMsg) => void,
): Promise<void> {
  if (ending.aborted) return
  const round = await consumer.fetch({
    max_messages: free,
    expires: expiresMs,
    idle_heartbeat: heartbeatMs,
  })
  const stop = () => void round.close()
  ending.addEventListener('abort', stop, { once: true })
  try {
    if (ending.aborted) stop()
    for await (const message of round) {
      // What was buffered when the work ends is given back at once instead of after its ack wait.
      if (stopping.aborted) message.nak()
      else take(message)
    }
  } finally {
    ending.removeEventListener('abort', stop)
  }
}
