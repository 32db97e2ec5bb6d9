import { waitFor } from '@heed/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { broadcastCalls } from './broadcast-calls.ts'
import { newRecipients, type System, startSystem } from './system.ts'

let system: System
beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system[Symbol.asyncDispose]())

const { newBroadcast, start, finished, rowsOf } = broadcastCalls(() => system)

async function audits(finding: string): Promise<number> {
  const text = await (await fetch(`${system.campaignUrl}/metrics`)).text()
  return Number(new RegExp(`audits_total{finding="${finding}"} (\\d+)`).exec(text)?.[1] ?? 0)
}

test('a text that the ledger would have held is an alarm soon after, and its neighbours are none', async () => {
  const account = await system.newAccount()
  const [other, ...recipients] = newRecipients(4)
  await system.optOut(account.accountId, [other?.number ?? ''])
  const broadcast = await newBroadcast(0, { ...account, recipients })
  await start(broadcast)
  await finished(broadcast)
  // Whoever was opted out was the person who was texted: what a lost or a false verdict leaves behind.
  const ledger = system.complianceDatabase.collection('ledger')
  const filter = { a: account.accountId, rev: 1 }
  await waitFor(async () => {
    const { matchedCount } = await ledger.updateOne(filter, { $set: { n: recipients[0]?.number } })
    return matchedCount === 1
  })
  const alarm = await waitFor(() => system.output.find((line) => line.includes('"audit-mismatch"')), {
    timeoutMs: 20_000,
    what: 'the alarm',
  })
  const texted = (await rowsOf(broadcast)).find(({ number }) => number === recipients[0]?.number)
  expect(alarm).toContain(`"attempt":"${texted?.attemptId}"`)
  expect(alarm).toContain('"finding":"blocked"')
  expect(await audits('blocked')).toBe(1)
  expect(await audits('agrees')).toBe(2)
})
