import { createGate, systemClock } from '@heed/clearance'
import { consentChanged, consentProvisional } from '@heed/events'
import { type Bench, type Figure, newAccount, newNumber, newNumbers } from '../figure.ts'
import { spread } from '../measure.ts'

const samples = 400

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
    await using hop = await openHop(bench)
    const { ms } = await bench.usage.during(samples, async () => {
      for (const number of numbers) {
        hops.push(await hop.once())
        const askedAt = performance.now()
        await bench.clients.compliance.consent.optOut.mutate({
          accountId,
          numbers: [number],
          cause: 'manual',
          source: `bench-${number}`,
        })
        const acknowledgedAt = performance.now()
        const heardAt = (await heard.get(number)?.promise) ?? Number.NaN
        bound.push(Math.max(0, heardAt - acknowledgedAt))
        whole.push(heardAt - askedAt)
      }
    })
    const [ours, bare, all] = [spread(bound), spread(hops), spread(whole)]
    const row = (at: 'p50' | 'p99', times: number) => ({
      what: `acknowledged to gate, ${at}`,
      value: ours[at],
      unit: 'ms',
      limit: { what: 'bare NATS hop', value: bare[at] },
      target: { times },
    })
    return {
      rows: [
        row('p50', 2),
        row('p99', 3),
        { what: 'opt-out asked for to gate, p50', value: all.p50, unit: 'ms' },
        { what: 'opt-out asked for to gate, p99', value: all.p99, unit: 'ms' },
      ],
      cpu: ms ? { per: 'opt-out', ms } : undefined,
    }
  },
}

/** Core NATS to the server and back to a subscription of this process. */
async function openHop({ bus }: Bench) {
  const account = `hop-${process.pid}`
  let arrived = Promise.withResolvers<number>()
  const subscription = bus.subscribe(consentProvisional, account, () => arrived.resolve(performance.now()))
  await bus.ping()
  return {
    async once(): Promise<number> {
      arrived = Promise.withResolvers()
      const hint = {
        v: 1,
        account,
        number: newNumber(),
        source: 'hop',
        at: new Date().toISOString(),
      } as const
      const startedAt = performance.now()
      bus.hint(consentProvisional, account, hint)
      return (await arrived.promise) - startedAt
    },
    [Symbol.asyncDispose]: async () => subscription[Symbol.dispose](),
  }
}
