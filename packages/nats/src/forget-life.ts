import type { NatsConnection } from 'nats'
import { eventStreams, isNotFound } from './streams.ts'

/** Removes the work queues and durables whose names end in `_<databaseId>`; the streams of events stay. */
export async function forgetLife(nc: NatsConnection, databaseId: string): Promise<void> {
  const manager = await nc.jetstreamManager({ checkAPI: false, timeout: 5_000 })
  const suffix = `_${databaseId}`
  for await (const { config } of manager.streams.list()) {
    if (config.name.endsWith(suffix)) await manager.streams.delete(config.name)
  }
  for (const { name: stream } of eventStreams) {
    try {
      for await (const { name } of manager.consumers.list(stream)) {
        if (name.endsWith(suffix)) await manager.consumers.delete(stream, name)
      }
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
}
