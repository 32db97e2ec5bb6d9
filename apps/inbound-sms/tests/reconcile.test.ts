import { newPhoneNumber, startScriptedServer, waitFor } from '@heed/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newSid } from './carrier-door.ts'
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

test('a poll after an outage goes back to two hours before the last one that ended well', async () => {
  const { businessNumber } = await system.newAccount()
  await using carrier = await startScriptedServer()
  carrier.usually({ status: 200, body: JSON.stringify({ messages: [], next_page_uri: null }) })
  const polls = system.database.db.collection<{ _id: string; a: string }>('polls')
  const hour = 3_600_000
  const polledUntil = new Date(Date.now() - 10 * hour)
  const accountSid = `AC${newSid()}`
  await polls.insertOne({ _id: accountSid, a: '_', polledUntil, nextAt: new Date() } as never)
  const changes = { TWILIO_BASE_URL: carrier.url, TWILIO_ACCOUNT_SID: accountSid }
  await using _inbound = await startInbound(system, changes)
  const asked = () =>
    carrier.requests
      .map(({ path }) => new URL(path, carrier.url).searchParams)
      .filter((query) => query.get('To') === businessNumber)
  await waitFor(() => asked().length > 0)
  const since = Date.parse(asked()[0]?.get('DateSent>') ?? '')
  expect(since).toBe(Math.floor((polledUntil.getTime() - 2 * hour) / 1_000) * 1_000)
  await waitFor(() => {
    const latest = Date.parse(asked().at(-1)?.get('DateSent>') ?? '')
    return Math.abs(Date.now() - 2 * hour - latest) < 30_000
  })
})
