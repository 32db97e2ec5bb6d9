import { newPhoneNumber, waitFor } from '@heed/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type System, startInbound, startSystem } from './start-system.ts'

let system: System

beforeAll(async () => {
  system = await startSystem({ reconcileEveryMs: 300 })
})
afterAll(async () => {
  await system[Symbol.asyncDispose]()
})

test('E7: a STOP that no webhook brought is found in the list of the carrier, and confirmed by a text', async () => {
  const { accountId, businessNumber } = await system.newAccount()
  const person = newPhoneNumber()
  await system.carrier.setWebhook(businessNumber, 'http://127.0.0.1:9/nobody')
  const { messageSid, status } = await system.carrier.reply(person, { to: businessNumber, body: 'stop' })
  expect(status).toBe(0)
  await using inbound = await startInbound(system)
  await waitFor(async () => (await system.status(accountId, person))?.state === 'out', { timeoutMs: 10_000 })
  expect(await system.history(accountId, person)).toMatchObject([
    { source: messageSid, sentAt: expect.stringMatching(/\.000Z$/) },
  ])
  await waitFor(async () => (await system.carrier.texts(person)).length === 1)
  expect(await inbound.metric('heed_inbound_reconcile_found_total')).toBeGreaterThan(0)
})

test('what a webhook brought is not found again', async () => {
  const { accountId, businessNumber } = await system.newAccount()
  const person = newPhoneNumber()
  const messages = system.database.db.collection<{ _id: string; arrivals: number }>('messages')
  await system.carrier.setWebhook(businessNumber, 'http://127.0.0.1:9/nobody')
  const { messageSid } = await system.carrier.reply(person, { to: businessNumber, body: 'Hello' })
  {
    await using unreconciled = await startInbound(system, { RECONCILE_EVERY_MS: '3600000' })
    await unreconciled.text(person, businessNumber, 'Hello', { MessageSid: messageSid })
    await waitFor(() => messages.findOne({ _id: `${accountId}/${messageSid}` }))
  }
  const before = (await messages.findOne({ _id: `${accountId}/${messageSid}` }))?.arrivals
  await using _inbound = await startInbound(system)
  const polls = system.database.db.collection<{ _id: string; polledUntil: Date }>('polls')
  const startedAt = Date.now()
  await waitFor(async () => Number((await polls.findOne({}))?.polledUntil ?? 0) > startedAt)
  expect((await messages.findOne({ _id: `${accountId}/${messageSid}` }))?.arrivals).toBe(before)
})

test('an outage of the carrier or the database ends with a poll that finds what was missed', async () => {
  const { accountId, businessNumber } = await system.newAccount()
  await using _inbound = await startInbound(system)
  const person = newPhoneNumber()
  await system.carrier.setWebhook(businessNumber, 'http://127.0.0.1:9/nobody')
  await system.proxies.carrier.cut()
  await system.proxies.mongodb.cut()
  await system.carrier.reply(person, { to: businessNumber, body: 'STOP' })
  await system.proxies.carrier.resume()
  await system.proxies.mongodb.resume()
  await waitFor(async () => (await system.status(accountId, person))?.state === 'out', { timeoutMs: 20_000 })
})
