import { Histogram, type Registry } from '@heed/service'

/**
 * Measures how long after its decision a change of consent took the gate's verdict away. Two machines' wall clocks
 * may differ; on one machine it is exact to the millisecond.
 */
export function eventsHeard(registry: Registry): (decidedAt: string) => void {
  const seconds = new Histogram({
    name: 'heed_gate_heard_seconds',
    help: 'From the decision of a change of consent until this gate had dropped its verdict.',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.55, 1, 10],
    registers: [registry],
  })
  return (decidedAt) => seconds.observe(Math.max(0, Date.now() - Date.parse(decidedAt)) / 1000)
}
