import { setTimeout as sleep } from 'node:timers/promises'
import { createGate, systemClock } from '@heed/clearance'
import { consentChanged } from '@heed/events'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { untilItWorks } from '@heed/service'
import { type Bench, type Figure, newAccount, newNumbers } from '../figure.ts'

const samples = 30

/** From the answer to an opt-out until a gate lets nothing through any more, while NATS says nothing. */
export const natsDeadFigure: Figure = {
  name: 'opt-out acknowledged to gate, NATS dead',
  bound: 'the lease: 500 ms less a margin of 25, counted from before the question',
  async measure(bench) {
    const nats = bench.system.nats.process
    if (nats === null) {
      bench.say('nats-dead: NATS_URL was given, so it is not ours to stop')
      return { rows: [] }
    }
    const { accountId } = await newAccount(bench)
    const numbers = newNumbers(samples)
    const lasted: number[] = []
    // Stopped rather than ended: every connection stays open and silent, and it can go on afterwards.
    nats.kill('SIGSTOP')
    try {
      for (const number of numbers) lasted.push(await lastPassAfter(bench, accountId, number))
    } finally {
      nats.kill('SIGCONT')
    }
    await untilItWorks(() => bench.bus.ping(), { backoff: { firstMs: 50, maxMs: 500 } })
    return {
      rows: [
        {
          what: `last text let through after the answer, longest of ${samples}`,
          value: Math.max(...lasted) / 1_000,
          unit: 's',
          limit: { what: 'the lease', value: 0.475 },
          target: { atMost: 0.55 },
        },
      ],
    }
  },
}

/** The worst case: the verdict is asked for just before the opt-out, and nothing asks again. */
async function lastPassAfter({ bus, clients }: Bench, accountId: AccountId, number: PhoneNumber) {
  const gate = createGate({ clock: systemClock() })
  using _events = bus.subscribe(consentChanged, accountId, (event) => gate.onEvent(event))
  const question = gate.ask([{ accountId, numbers: [number] }])
  const answers = clients.compliance.clearance.check.query(question.input)
  gate.onAnswer(question, await answers)
  let passedAt = Number.NEGATIVE_INFINITY
  const optOut = { accountId, numbers: [number], cause: 'manual', source: `bench-${number}` }
  let acknowledgedAt: number | null = null
  const acknowledged = clients.compliance.consent.optOut.mutate(optOut).then(() => {
    acknowledgedAt = performance.now()
  })
  const text = { accountId, number, origin: 'broadcast' } as const
  while (gate.pass(text, () => {}).outcome === 'passed') {
    passedAt = performance.now()
    await sleep(1)
  }
  await acknowledged
  return Math.max(0, passedAt - (acknowledgedAt ?? Number.NaN))
}
