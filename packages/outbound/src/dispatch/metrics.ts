import { Counter, type Registry } from '@heed/service'

export interface OutboundMetrics {
  settled(state: string): void
  late(): void
  claimLost(): void
}

/** No label carries an account or a number. */
export function outboundMetrics(registry: Registry): OutboundMetrics {
  const registers = [registry]
  const settled = new Counter({
    name: 'heed_outbound_attempts_total',
    help: 'Attempts by what they made of their text; ready: held, or to be tried again.',
    labelNames: ['state'],
    registers,
  })
  const late = new Counter({
    name: 'heed_outbound_late_total',
    help: 'Texts whose first byte came more than 50 ms after the gate. Each is an alarm.',
    registers,
  })
  const lost = new Counter({
    name: 'heed_outbound_claims_lost_total',
    help: 'Texts that were not sent because another worker had taken them over.',
    registers,
  })
  return {
    settled: (state) => settled.inc({ state }),
    late: () => late.inc(),
    claimLost: () => lost.inc(),
  }
}
