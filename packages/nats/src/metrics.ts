import { Counter, Gauge, type Registry } from '@heed/service'

export interface BusMetrics {
  malformed(stream: string): void
  published(stream: string, outcome: 'stored' | 'duplicate' | 'failed'): void
  /** Watches one consumer; to be told with each message how many wait behind it. */
  consuming(stream: string, durable: string, inFlight: () => number): { pending(messages: number): void }
}

/** Counts into the registry where one is given; several connections of one process share the counters. */
export function busMetrics(
  registry: Registry | undefined,
  name: string,
  isConnected: () => boolean,
): BusMetrics {
  if (!registry) return { malformed: () => {}, published: () => {}, consuming: () => ({ pending: () => {} }) }
  const malformed = counter(registry, 'heed_bus_malformed_total', 'Messages that break their contract', [
    'stream',
  ])
  const published = counter(registry, 'heed_bus_published_total', 'Messages published to streams', [
    'stream',
    'outcome',
  ])
  const gaugeName = `heed_bus_connected_${name.replace(/[^a-zA-Z0-9]/g, '_')}`
  registry.removeSingleMetric(gaugeName)
  new Gauge({
    name: gaugeName,
    help: 'Whether NATS is connected',
    registers: [registry],
    collect() {
      this.set(isConnected() ? 1 : 0)
    },
  })
  const consumers = new Map<string, { stream: string; pending: number; inFlight: () => number }>()
  consumerGauge(
    registry,
    'heed_bus_pending',
    'Messages that wait in the stream for this consumer, as its last message told; all copies share them.',
    (set) => {
      for (const [durable, { stream, pending }] of consumers) set({ stream, durable }, pending)
    },
  )
  consumerGauge(
    registry,
    'heed_bus_in_flight',
    'Messages being worked on in this process, by consumer.',
    (set) => {
      for (const [durable, { stream, inFlight }] of consumers) set({ stream, durable }, inFlight())
    },
  )
  return {
    malformed: (stream) => malformed.inc({ stream }),
    published: (stream, outcome) => published.inc({ stream, outcome }),
    consuming(stream, durable, inFlight) {
      const state = { stream, pending: 0, inFlight }
      consumers.set(durable, state)
      return {
        pending(messages) {
          state.pending = messages
        },
      }
    },
  }
}

type SetGauge = (labels: { stream: string; durable: string }, value: number) => void

function consumerGauge(registry: Registry, name: string, help: string, read: (set: SetGauge) => void): void {
  registry.removeSingleMetric(name)
  new Gauge({
    name,
    help,
    labelNames: ['stream', 'durable'],
    registers: [registry],
    collect() {
      read((labels, value) => this.set(labels, value))
    },
  })
}

function counter<Label extends string>(registry: Registry, name: string, help: string, labelNames: Label[]) {
  const standing = registry.getSingleMetric(name)
  return standing instanceof Counter
    ? (standing as Counter<Label>)
    : new Counter({ name, help, labelNames, registers: [registry] })
}
