import { type Bus, type BusOptions, connectBus } from './bus.ts'
import type { Consuming } from './consume.ts'
import { BusUnavailableError } from './errors.ts'

/**
 * A bus that may come later than the service that opens it. Opt-outs bind, checks are answered and texts flow
 * without NATS, so nothing waits for it: what is subscribed or consumed begins when it is there, and publishing
 * fails until then.
 */
export function openBus(options: Omit<BusOptions, 'signal'>): Bus {
  const stopping = new AbortController()
  let bus: Bus | undefined
  const connected = connectBus({ ...options, signal: stopping.signal })
    .then((opened) => {
      bus = opened
      return opened
    })
    .catch((err: unknown) => {
      if (!stopping.signal.aborted) options.log.error({ err }, 'NATS cannot be used')
      return undefined
    })
  const now = (): Bus => {
    if (!bus) throw new BusUnavailableError('NATS is not reached yet')
    return bus
  }
  const later = (open: (bus: Bus) => Consuming) => openLater(connected, open)
  return {
    isConnected: () => bus?.isConnected() ?? false,
    ping: async () => now().ping(),
    ensureStream: async (spec) => now().ensureStream(spec),
    publish: async (contract, account, event, beside) => now().publish(contract, account, event, beside),
    hint: (contract, account, event) => bus?.hint(contract, account, event) ?? false,
    subscribe(contract, account, handler, options) {
      let isDisposed = false
      let subscription: Disposable | undefined
      void connected.then((opened) => {
        if (opened && !isDisposed) subscription = opened.subscribe(contract, account, handler, options)
      })
      return {
        [Symbol.dispose]() {
          isDisposed = true
          subscription?.[Symbol.dispose]()
        },
      }
    },
    follow(contract, account, options, handler) {
      const following = connected.then((opened) => opened?.follow(contract, account, options, handler))
      return {
        opened: following.then((begun) => begun?.opened),
        async [Symbol.asyncDispose]() {
          await (await following)?.[Symbol.asyncDispose]()
        },
      }
    },
    forget: async () => now().forget(),
    consume: (contract, options, handler) => later((opened) => opened.consume(contract, options, handler)),
    stored: (contract, reader) => now().stored(contract, reader),
    workQueue: (spec) => ({
      wake: async (key, options) => now().workQueue(spec).wake(key, options),
      consume: (options, handler) => later((opened) => opened.workQueue(spec).consume(options, handler)),
    }),
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await (await connected)?.[Symbol.asyncDispose]()
    },
  }
}

function openLater(connected: Promise<Bus | undefined>, open: (bus: Bus) => Consuming): Consuming {
  let isDisposed = false
  let opened: Consuming | undefined
  void connected.then((bus) => {
    if (bus && !isDisposed) opened = open(bus)
  })
  return {
    inFlight: () => opened?.inFlight() ?? 0,
    async [Symbol.asyncDispose]() {
      isDisposed = true
      await opened?.[Symbol.asyncDispose]()
    },
  }
}
