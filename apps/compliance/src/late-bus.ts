import type { EventContract, EventOf } from '@heed/events'
import type { Bus, StreamSpec } from '@heed/nats'
import type { Logger } from '@heed/service'

export interface LateBus extends AsyncDisposable {
  publish<C extends EventContract>(contract: C, account: string, event: EventOf<C>): Promise<void>
  ping(): Promise<void>
}

/**
 * A bus that may come later than the service: opt-outs bind and checks are answered without NATS, so nothing waits
 * for it. Until it is there publishing fails, and the relay publishes what was missed.
 */
export function lateBus(
  connect: (stopping: AbortSignal) => Promise<Bus>,
  stream: StreamSpec,
  log: Logger,
): LateBus {
  const stopping = new AbortController()
  let bus: Bus | undefined
  const connected = connect(stopping.signal)
    .then(async (opened) => {
      if (stopping.signal.aborted) return opened[Symbol.asyncDispose]()
      bus = opened
      return undefined
    })
    .catch((error) => {
      if (!stopping.signal.aborted) log.error({ err: error }, 'NATS cannot be used')
    })
  let hasStream: Promise<void> | undefined
  const ready = async (): Promise<Bus> => {
    if (!bus) throw new Error('NATS is not reached yet')
    hasStream ??= bus.ensureStream(stream).catch((error) => {
      hasStream = undefined
      throw error
    })
    await hasStream
    return bus
  }
  return {
    async publish(contract, account, event) {
      try {
        await (await ready()).publish(contract, account, event)
      } catch (error) {
        // The stream may have been lost with its server: the next publication makes it again.
        hasStream = undefined
        throw error
      }
    },
    ping: async () => (await ready()).ping(),
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await connected
      await bus?.[Symbol.asyncDispose]()
    },
  }
}
