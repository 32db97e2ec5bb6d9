import { createAsker, createGate, systemClock, systemScheduler } from '@heed/clearance'
import type { ComplianceRouter } from '@heed/compliance/router'
import { AccountId, PhoneNumber } from '@heed/phone'
import { createRpcClient, ownTokens, privateKeySetting } from '@heed/rpc'
import { z } from 'zod'
import { spread } from '../measure.ts'

// A sender of many accounts: gate and asker as every sender has them, each text asked for when it falls due.

const Order = z.object({
  texts: z.array(z.object({ accountId: AccountId, number: PhoneNumber })),
  seconds: z.number(),
})

let calls = 0
const client = createRpcClient<ComplianceRouter>({
  url: process.env.COMPLIANCE_URL ?? '',
  token: ownTokens(privateKeySetting.parse(process.env.TOKEN_PRIVATE_KEY), 'sender'),
  timeoutMs: 5_000,
})
const gate = createGate({ clock: systemClock() })
const asker = createAsker({
  gate,
  check: (input, signal) => {
    calls++
    return client.rpc.clearance.check.query(input, { signal })
  },
  scheduler: systemScheduler(),
  random: Math.random,
})

type Text = z.infer<typeof Order>['texts'][number]

/** Each text once a second, spread evenly in an order of chance. */
async function sendAll({ texts, seconds }: z.infer<typeof Order>) {
  const line = texts.map((text) => ({ text, at: Math.random() * 1_000 })).sort((a, b) => a.at - b.at)
  const durations: number[] = []
  const underWay = new Set<Promise<void>>()
  const one = async (text: Text, dueAt: number) => {
    await asker.prepare(text.accountId, [text.number])
    if (gate.pass({ ...text, origin: 'broadcast' }, () => {}).outcome === 'passed')
      durations.push(performance.now() - dueAt)
  }
  calls = 0
  const startedAt = performance.now()
  const finished = Promise.withResolvers<void>()
  let next = 0
  const timer = setInterval(() => {
    const now = performance.now() - startedAt
    for (; next < line.length * seconds; next++) {
      const { text, at } = line[next % line.length] as (typeof line)[number]
      const dueAt = at + Math.floor(next / line.length) * 1_000
      if (dueAt > now) return
      const sent = one(text, startedAt + dueAt).finally(() => underWay.delete(sent))
      underWay.add(sent)
    }
    clearInterval(timer)
    finished.resolve()
  }, 5)
  await finished.promise
  await Promise.all(underWay)
  const { p50, p99, count } = spread(durations)
  return { passed: count, calls, p50, p99, elapsedMs: performance.now() - startedAt }
}

process.on('message', (order) => {
  void sendAll(Order.parse(order)).then((sent) => process.send?.(sent))
})
console.log('ready')
process.once('SIGTERM', () => process.exit(0))
// Whoever started it is gone.
process.once('disconnect', () => process.exit(0))
