import { Counter, Gauge, type Registry } from '@heed/service'

export interface BusMetrics {
  malformed(stream: string): void
  published(stream: string, outcome: 'stored' | 'duplicate' | 'failed'): void
}

/** Counts into the registry where one is given; several connections of one process share the counters. */
export function busMetrics(
  registry: Registry | undefined,
  name: string,
  isConnected: () => boolean,
): BusMetrics {
  if (!registry) return { malformed: () => {}, published: () => {} }
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
  return {
    malformed: (stream) => malformed.inc({ stream }),
    published: (stream, outcome) => published.inc({ stream, outcome }),
  }
}

function counter<Label extends string>(registry: Registry, name: string, help: string, labelNames: Label[]) {
  const standing = registry.getSingleMetric(name)
  return standing instanceof Counter
    ? (standing as Counter<Label>)
    : new Counter({ name, help, labelNames, registers: [registry] })
}
