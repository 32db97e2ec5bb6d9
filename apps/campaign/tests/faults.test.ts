import { waitFor } from '@heed/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newRecipients, type System, startSystem } from './system.ts'

let system: System
beforeAll(async () => {
  system = await startSystem({ LEASE_MS: '1500' })
})
afterAll(() => system[Symbol.asyncDispose]())

async function startBroadcast(count: number, ratePerSecond?: number) {
  const account = await system.newAccount()
  const recipients = newRecipients(count)
  const { broadcastId } = await system.broadcasts.create.mutate({
    ...account,
    text: 'Sale today.',
    recipients,
    ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
  })
  const named = { accountId: account.accountId, broadcastId }
  await system.broadcasts.start.mutate(named)
  return { ...named, named, recipients }
}
type Broadcast = Awaited<ReturnType<typeof startBroadcast>>
const get = ({ named }: Broadcast) => system.broadcasts.get.query(named)
const finished = (broadcast: Broadcast, timeoutMs = 40_000) =>
  waitFor(
    async () => {
      const now = await get(broadcast)
      return now.state === 'finished' ? now : null
    },
    { timeoutMs, what: 'the end of the broadcast' },
  )
const phones = async ({ recipients }: Broadcast) =>
  Promise.all(recipients.map(async ({ number }) => (await system.phone(number)).length))

test('killed in the middle it leaves texts unknown, and another copy sends the rest, none twice (E8)', async () => {
  await system.faults([{ kind: 'delay', ms: 400 }])
  const broadcast = await startBroadcast(600, 200)
  const texts = system.database.db.collection('texts')
  const inFlight = () => texts.countDocuments({ lane: broadcast.broadcastId, state: 'sending' })
  await waitFor(async () => (await get(broadcast)).counts.sent >= 60 && (await inFlight()) >= 20)
  await system.services.service('campaign').kill('SIGKILL')
  await system.faults([])
  await using copy = await system.services.addCopy('campaign')
  const seen = system.campaignAt(copy.url).get
  const { counts } = await waitFor(
    async () => {
      const now = await seen.query(broadcast.named)
      return now.state === 'finished' ? now : null
    },
    { timeoutMs: 30_000, what: 'the end of the broadcast' },
  )
  expect(counts.waiting + counts.failed + counts.suppressed).toBe(0)
  expect(counts.unknown).toBeGreaterThan(0)
  expect(counts.unknown).toBeLessThanOrEqual(100)
  const received = await phones(broadcast)
  expect(Math.max(...received)).toBe(1)
  await system.services.service('campaign').restart()
  const { rows } = await system.broadcasts.recipients.query({ ...broadcast.named, limit: 1_000 })
  for (const [index, row] of rows.entries()) {
    if (row.state === 'sent') expect(received[index]).toBe(1)
    else expect(row).toMatchObject({ state: 'unknown', reasons: [{ reason: 'worker-lost' }] })
  }
}, 90_000)

test('copies share a broadcast and its pace', async () => {
  await using _copy = await system.services.addCopy('campaign')
  const broadcast = await startBroadcast(300, 100)
  const { startedAt, endedAt, counts } = await finished(broadcast)
  expect(counts).toMatchObject({ sent: 300 })
  const tookMs = Date.parse(endedAt ?? '') - Date.parse(startedAt ?? '')
  expect(tookMs).toBeGreaterThan(2_900)
  expect(tookMs).toBeLessThan(15_000)
  expect(new Set(await phones(broadcast))).toEqual(new Set([1]))
}, 90_000)

test('while compliance is away nothing is handed over, and sending goes on by itself (E6, E12)', async () => {
  const broadcast = await startBroadcast(300, 100)
  await waitFor(async () => (await get(broadcast)).counts.sent >= 30)
  await system.services.service('compliance').kill('SIGKILL')
  const killedAt = Date.now()
  const before = await waitFor(async () => {
    const { sent } = (await get(broadcast)).counts
    return Date.now() - killedAt > 1_000 ? sent : null
  })
  await waitFor(() => Date.now() - killedAt > 2_500)
  expect((await get(broadcast)).counts).toEqual({
    waiting: 300 - before,
    sent: before,
    suppressed: 0,
    failed: 0,
    unknown: 0,
  })
  await system.services.service('compliance').restart()
  expect((await finished(broadcast)).counts).toMatchObject({ sent: 300 })
  expect(new Set(await phones(broadcast))).toEqual(new Set([1]))
}, 90_000)

test('a draft that a crash cut short is never seen, nor sent', async () => {
  const { accountId, from } = await system.newAccount()
  const creating = system.broadcasts.create
    .mutate({ accountId, from, text: 'Hi', recipients: newRecipients(10_000) })
    .then(
      ({ broadcastId }) => broadcastId,
      () => null,
    )
  const texts = system.database.db.collection('texts')
  await waitFor(async () => (await texts.findOne({ a: accountId })) !== null, { everyMs: 2 })
  await system.services.service('campaign').kill('SIGKILL')
  const broadcastId = await creating
  await system.services.service('campaign').restart()
  // A draft that was whole at the kill stands, also where its answer was lost.
  const { broadcasts } = await system.broadcasts.list.query({ accountId })
  if (broadcastId !== null) expect(broadcasts.map((one) => one.broadcastId)).toEqual([broadcastId])
  // What is left is cleaned away once it is old.
  const drafts = system.database.db.collection('broadcasts')
  await drafts.updateMany({ a: accountId, state: 'preparing' }, { $set: { createdAt: new Date(0) } })
  const whole = broadcasts.length
  await waitFor(async () => (await texts.countDocuments({ a: accountId })) === whole * 10_000)
  await waitFor(async () => (await drafts.countDocuments({ a: accountId })) === whole)
}, 90_000)

test('a stop in the middle leaves nothing claimed, and the next start goes on', async () => {
  const broadcast = await startBroadcast(300, 150)
  await waitFor(async () => (await get(broadcast)).counts.sent >= 30)
  const campaign = system.services.service('campaign')
  await campaign.kill('SIGTERM')
  const states = await system.database.db
    .collection('texts')
    .distinct('state', { lane: broadcast.broadcastId })
  expect(states.toSorted()).toEqual(['ready', 'sent'])
  await campaign.restart()
  expect((await finished(broadcast)).counts).toMatchObject({ sent: 300, unknown: 0 })
  expect(new Set(await phones(broadcast))).toEqual(new Set([1]))
}, 90_000)
