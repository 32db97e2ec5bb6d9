import { pause } from '@heed/service'
import { ErrorCode, NatsError } from 'nats'
import type { Connection } from './connection.ts'
import { BusUnavailableError } from './errors.ts'
import type { BusMetrics } from './metrics.ts'
import { ensureStream, type StreamSpec } from './streams.ts'

export interface Published {
  /** The stream had a message with this id already; nothing new was stored. */
  readonly duplicate: boolean
}

const ackWithinMs = 2_000

/**
 * Stores one message and returns when the server has acknowledged it: within 2 s, or BusUnavailableError. A
 * stream that is missing is made, once, and the message published again.
 */
export async function publishToStream(
  deps: { connection: Connection; metrics: BusMetrics },
  message: { stream: StreamSpec; subject: string; data: Uint8Array; messageId?: string },
): Promise<Published> {
  const { connection, metrics } = deps
  const { stream, subject, data, messageId } = message
  const attempt = async () => {
    if (!connection.isConnected()) throw new BusUnavailableError('NATS is not connected')
    const options = {
      timeout: ackWithinMs,
      expect: { streamName: stream.name },
      ...(messageId === undefined ? {} : { msgID: messageId }),
    }
    return connection.nc.jetstream().publish(subject, data, options)
  }
  try {
    const { duplicate } = await attempt().catch(async (error: unknown) => {
      if (!isMissing(error)) throw error
      const manager = await connection.nc.jetstreamManager({ checkAPI: false, timeout: ackWithinMs })
      await ensureStream(manager, stream)
      return attempt()
    })
    metrics.published(stream.name, duplicate ? 'duplicate' : 'stored')
    return { duplicate }
  } catch (error) {
    metrics.published(stream.name, 'failed')
    if (error instanceof BusUnavailableError) throw error
    throw new BusUnavailableError(`stream ${stream.name} did not acknowledge a message`, { cause: error })
  }
}

/** No stream takes the subject, so nobody answers. Also true for an instant of a stream being made. */
function isMissing(error: unknown): boolean {
  return error instanceof NatsError && error.code === ErrorCode.NoResponders
}

/** Rejects when the server does not answer within a second. */
export async function ping(connection: Connection): Promise<void> {
  if (!connection.isConnected()) throw new BusUnavailableError('NATS is not connected')
  const late = new AbortController()
  const timeout = pause(1_000, late.signal).then(() => {
    throw new BusUnavailableError('NATS does not answer')
  })
  try {
    await Promise.race([connection.nc.flush(), timeout])
  } finally {
    timeout.catch(() => {})
    late.abort()
  }
}
