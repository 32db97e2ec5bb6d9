import { createGate, systemClock } from '@heed/clearance'
import { consentChanged, consentProvisional } from '@heed/events'
import { type Bench, type Figure, newAccount, newNumber, newNumbers } from '../figure.ts'
import { spread } from '../measure.ts'

const samples = 300

/** From the answer to an opt-out until a gate in another process has dropped its verdict, beside a bare NATS hop. */
export const eventToGateFigure: Figure = {
  name: 'opt-out acknowledged to gate',
  bound:
    'one publication through JetStream and one delivery; it begins as soon as the commit stands, beside the answer',
  async measure(bench) {
    const hops: number[] = []
    const bound: number[] = []
    const whole: number[] = []
    const { accountId } = await newAccount(bench)
    const gate = createGate({ clock: systemClock() })
    const numbers = newNumbers(samples)
    const heard = new Map<string, PromiseWithResolvers<number>>(
      numbers.map((number) => [number, Promise.withResolvers()]),
    )
    using _events = bench.bus.subscribe(consentChanged, accountId, (event) => {
      gate.onEvent(event)
      heard.get(event.number)?.resolve(performance.now())
    })
    await bench.bus.ping()
    for (const number of numbers) {
      hops.push(await hop(bench))
      const askedAt = performance.now()
      await bench.clients.compliance.consent.optOut.mutate({
        accountId,
        numbers: [number],
        cause: 'manual',
        source: `bench-${number}`,
      })
      const acknowledgedAt = performance.now()
      const heardAt = await heard.get(number)?.promise
      bound.push(Math.max(0, (heardAt ?? Number.NaN) - acknowledgedAt))
      whole.push((heardAt ?? Number.NaN) - askedAt)
    }
    const [ours, bare, all] = [spread(bound), spread(hops), spread(whole)]
    return [
      {
        what: 'acknowledged to gate, p50',
        value: ours.p50,
        unit: 'ms',
        ratio: ours.p50 / bare.p50,
        beside: 'bare NATS hop',
      },
      {
        what: 'acknowledged to gate, p99',
        value: ours.p99,
        unit: 'ms',
        ratio: ours.p99 / bare.p99,
        beside: 'bare NATS hop',
      },
      { what: 'opt-out asked for to gate, p50', value: all.p50, unit: 'ms' },
      { what: 'opt-out asked for to gate, p99', value: all.p99, unit: 'ms' },
      { what: 'bare NATS hop, p50', value: bare.p50, unit: 'ms' },
      { what: 'bare NATS hop, p99', value: bare.p99, unit: 'ms' },
    ]
  },
}

/** Core NATS to the server and back to a subscription of this process. */
async function hop({ bus }: Bench): Promise<number> {
  const account = `hop-${process.pid}`
  const arrived = Promise.withResolvers<number>()
  using _one = bus.subscribe(consentProvisional, account, () => arrived.resolve(performance.now()))
  await bus.ping()
  const startedAt = performance.now()
  bus.hint(consentProvisional, account, {
    v: 1,
    account,
    number: newNumber(),
    source: 'hop',
    at: new Date().toISOString(),
  })
  return (await arrived.promise) - startedAt
}
