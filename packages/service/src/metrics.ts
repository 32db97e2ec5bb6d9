import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export { Counter, Gauge, Histogram, Registry }

/** A registry of its own for one service in one process, with the process's own figures when asked for. */
export function createMetrics(options: { withProcess: boolean }): Registry {
  const registry = new Registry()
  if (options.withProcess) collectDefaultMetrics({ register: registry })
  return registry
}

interface QueueReading {
  /** How much waits now. */
  readonly depth: () => number
  /** What more than this is refused or kept waiting outside; absent where nothing is. */
  readonly max?: number
}

const depthName = 'heed_queue_depth'
const maxName = 'heed_queue_max'

/** Shows how full a queue is, read when the metrics are. All queues of a service are under one name. */
export function watchQueues(registry: Registry, queues: Readonly<Record<string, QueueReading>>): void {
  const readings = readingsOf(registry)
  for (const [queue, reading] of Object.entries(queues)) readings.set(queue, reading)
}

const allReadings = new WeakMap<Registry, Map<string, QueueReading>>()

function readingsOf(registry: Registry): Map<string, QueueReading> {
  const known = allReadings.get(registry)
  if (known) return known
  const readings = new Map<string, QueueReading>()
  allReadings.set(registry, readings)
  const gauge = (name: string, help: string, read: (reading: QueueReading) => number | undefined) =>
    new Gauge({
      name,
      help,
      labelNames: ['queue'],
      registers: [registry],
      collect() {
        for (const [queue, reading] of readings) {
          const value = read(reading)
          if (value !== undefined) this.set({ queue }, value)
        }
      },
    })
  gauge(depthName, 'What waits in this process, by queue; of queues per account, the longest.', (one) =>
    one.depth(),
  )
  gauge(maxName, 'What a queue takes at most.', (one) => one.max)
  return readings
}
