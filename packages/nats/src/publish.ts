import { pause, type RaiseAlarm, traced, traceHeaders } from '@heed/service'
import { headers } from 'nats'
import { acknowledgements } from './acknowledgements.ts'
import type { Connection } from './connection.ts'
import { BusUnavailableError } from './errors.ts'
import type { BusMetrics } from './metrics.ts'
import { ensureStream, type StreamSpec } from './streams.ts'

export interface Published {
  /** The stream had a message with this id already; nothing new was stored. */
  readonly duplicate: boolean
}

interface StreamMessage {
  stream: StreamSpec
  subject: string
  data: Uint8Array
  messageId?: string
  headers?: readonly (readonly [name: string, value: string])[]
}

/**
 * Stores one message and returns when the server has acknowledged it, at the latest after 5 s, or throws
 * BusUnavailableError; at once while not connected.
 */
export type Publisher = (message: StreamMessage) => Promise<Published>

const ackWithinMs = 2_000
const requestWithinMs = 1_000
/** Headers of JetStream: what a message is known by, and which stream is to store it. */
const messageIdHeader = 'Nats-Msg-Id'
const expectedStreamHeader = 'Nats-Expected-Stream'

/**
 * A stream is looked at before its first message on each connection and made where it is missing: a restart
 * may have lost it, and while anybody subscribes to its subjects no error says that nothing stores them.
 */
export function publisher(deps: {
  connection: Connection
  metrics: BusMetrics
  raise: RaiseAlarm
}): Publisher {
  const { connection, metrics, raise } = deps
  const { nc } = connection
  const send = acknowledgements({ ...connection, withinMs: ackWithinMs })
  const looked = new WeakMap<AbortSignal, Set<string>>()
  const look = async (stream: StreamSpec) => {
    const life = connection.life()
    const names = looked.get(life) ?? new Set()
    if (names.has(stream.name)) return
    const manager = await nc.jetstreamManager({ checkAPI: false, timeout: requestWithinMs })
    await ensureStream(manager, stream, raise)
    looked.set(life, names.add(stream.name))
  }
  const attempt = async ({ stream, subject, data, messageId, headers: beside = [] }: StreamMessage) => {
    if (!connection.isConnected()) throw new BusUnavailableError('NATS is not connected')
    await look(stream)
    const sent: (readonly [string, string])[] = [[expectedStreamHeader, stream.name], ...beside]
    if (messageId !== undefined) sent.push([messageIdHeader, messageId])
    return send(subject, data, headersOf(sent))
  }
  /** Nobody stored it: the stream is looked at again. */
  const attemptAfresh = (message: StreamMessage) => {
    looked.get(connection.life())?.delete(message.stream.name)
    return attempt(message)
  }
  const store = async (given: StreamMessage): Promise<Published> => {
    const { name } = given.stream
    const message = { ...given, headers: [...(given.headers ?? []), ...Object.entries(traceHeaders())] }
    try {
      const acknowledged = (await attempt(message)) ?? (await attemptAfresh(message))
      if (acknowledged === null) throw new Error(`nothing stores ${name}`)
      const { duplicate } = acknowledged
      metrics.published(name, duplicate ? 'duplicate' : 'stored')
      return { duplicate }
    } catch (error) {
      looked.get(connection.life())?.delete(name)
      metrics.published(name, 'failed')
      if (error instanceof BusUnavailableError) throw error
      throw new BusUnavailableError(`stream ${name} did not acknowledge a message`, { cause: error })
    }
  }
  return (message) => traced(`publish ${message.stream.name}`, { kind: 'producer' }, () => store(message))
}

export function headersOf(entries: NonNullable<StreamMessage['headers']>) {
  const made = headers()
  for (const [name, value] of entries) made.set(name, value)
  return made
}

/** Rejects when the server does not answer within a second. */
export async function ping(connection: Connection): Promise<void> {
  if (!connection.isConnected()) throw new BusUnavailableError('NATS is not connected')
  const answered = new AbortController()
  const silence = pause(1_000, answered.signal).then(() => {
    if (!answered.signal.aborted) throw new BusUnavailableError('NATS does not answer')
  })
  try {
    await Promise.race([connection.nc.flush(), silence])
  } finally {
    answered.abort()
  }
}
