import type { Heard } from '@heed/nats'
import { Histogram, type Registry } from '@heed/service'

const buckets = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.55, 1, 10]

/**
 * Measures how long after its acknowledgement a change of consent took this gate's verdict away, and how long after
 * its decision. Both times are compliance's: two machines' wall clocks differ by as much as NTP leaves; on one
 * machine they are exact to the millisecond. A change that was published late, after an outage, tells no
 * acknowledgement and counts from its decision.
 */
export function eventsHeard(registry: Registry): (decidedAt: string, heard: Heard) => void {
  const sinceDecision = new Histogram({
    name: 'heed_gate_heard_seconds',
    help: 'From the decision of a change of consent until this gate had dropped its verdict.',
    buckets,
    registers: [registry],
  })
  const sinceAcknowledged = new Histogram({
    name: 'heed_gate_effective_seconds',
    help: 'From the acknowledgement of a change of consent until this gate had dropped its verdict; 0.55 is the bound.',
    buckets,
    registers: [registry],
  })
  return (decidedAt, { acknowledgedAt }) => {
    const now = Date.now()
    const decided = Date.parse(decidedAt)
    sinceDecision.observe(Math.max(0, now - decided) / 1000)
    sinceAcknowledged.observe(Math.max(0, now - (acknowledgedAt ?? decided)) / 1000)
  }
}
