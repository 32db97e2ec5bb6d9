import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export { Counter, Gauge, Histogram, Registry }

/** A registry of its own for one service in one process, with the process's own figures when asked for. */
export function createMetrics(options: { withProcess: boolean }): Registry {
  const registry = new Registry()
  if (options.withProcess) collectDefaultMetrics({ register: registry })
  return registry
}
