import { newPhoneNumber, waitFor } from '@heed/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newSid, publicUrl } from './carrier-door.ts'
import { type System, startInbound, startSystem } from './start-system.ts'

let system: System
let inbound: Awaited<ReturnType<typeof startInbound>>

beforeAll(async () => {
  system = await startSystem()
  inbound = await startInbound(system, { PUBLIC_URL: publicUrl })
})
afterAll(async () => {
  await inbound[Symbol.asyncDispose]()
  await system[Symbol.asyncDispose]()
})

/** A text that the carrier knows and whose webhook nobody delivered: the test delivers it, when it likes. */
async function sendWithoutWebhook(from: string, to: string, body: string) {
  await system.carrier.setWebhook(to, 'http://127.0.0.1:9/nobody')
  const { messageSid } = await system.carrier.reply(from, { to, body })
  return { deliver: () => inbound.text(from, to, body, { MessageSid: messageSid }) }
}

const nextSecond = async () => {
  const second = Math.floor(Date.now() / 1_000)
  await waitFor(() => Math.floor(Date.now() / 1_000) > second + 1)
}

test('a START sent after the STOP lifts the block, and is answered', async () => {
  const { accountId, businessNumber } = await system.newAccount()
  const person = newPhoneNumber()
  const stop = await sendWithoutWebhook(person, businessNumber, 'STOP')
  await nextSecond()
  const start = await sendWithoutWebhook(person, businessNumber, 'START')
  await stop.deliver()
  const answer = await start.deliver()
  expect(answer.twiml).toContain('<Message>Acme: you are opted in again')
  expect(await system.status(accountId, person)).toMatchObject({ state: 'in', blocks: [] })
})

test('E5: a START that arrives after a STOP sent later leaves the block', async () => {
  const { accountId, businessNumber } = await system.newAccount()
  const person = newPhoneNumber()
  const start = await sendWithoutWebhook(person, businessNumber, 'START')
  await nextSecond()
  const stop = await sendWithoutWebhook(person, businessNumber, 'STOP')
  await stop.deliver()
  const answer = await start.deliver()
  expect(answer).toMatchObject({ status: 200, twiml: expect.stringContaining('<Response/>') })
  expect(await system.status(accountId, person)).toMatchObject({ state: 'out' })
})

test('E5: a START in the same second as the STOP leaves the block', async () => {
  const { accountId, businessNumber } = await system.newAccount()
  const person = newPhoneNumber()
  await nextSecond()
  const [stop, start] = await Promise.all([
    sendWithoutWebhook(person, businessNumber, 'STOP'),
    sendWithoutWebhook(person, businessNumber, 'START'),
  ])
  await stop.deliver()
  await start.deliver()
  expect(await system.status(accountId, person)).toMatchObject({ state: 'out' })
})

test('a START that the carrier does not know lifts nothing', async () => {
  const { accountId, businessNumber } = await system.newAccount()
  const person = newPhoneNumber()
  await inbound.text(person, businessNumber, 'STOP')
  const answer = await inbound.text(person, businessNumber, 'START')
  expect(answer).toMatchObject({ status: 200, twiml: expect.stringContaining('<Response/>') })
  expect(await system.status(accountId, person)).toMatchObject({ state: 'out' })
})

test('a START waits in the journal while the carrier does not answer, and lifts afterwards', async () => {
  const { accountId, businessNumber } = await system.newAccount()
  const person = newPhoneNumber()
  const stop = await sendWithoutWebhook(person, businessNumber, 'STOP')
  await nextSecond()
  const start = await sendWithoutWebhook(person, businessNumber, 'UNSTOP')
  await stop.deliver()
  system.proxies.carrier.blackhole()
  const answer = await start.deliver()
  expect(answer).toMatchObject({ status: 200, twiml: expect.stringContaining('<Response/>') })
  expect(answer.ms).toBeLessThan(1_500)
  expect(await system.status(accountId, person)).toMatchObject({ state: 'out' })
  await system.proxies.carrier.resume()
  await waitFor(async () => (await system.status(accountId, person))?.state === 'in', { timeoutMs: 15_000 })
  expect(await system.carrier.texts(person)).toEqual([])
})

test('a START outlives a carrier that refuses every question about it and the opt-outs before it', async () => {
  const { accountId, businessNumber } = await system.newAccount()
  const person = newPhoneNumber()
  for (const word of ['STOP', 'QUIT']) {
    const stop = await sendWithoutWebhook(person, businessNumber, word)
    await stop.deliver()
  }
  await nextSecond()
  const start = await sendWithoutWebhook(person, businessNumber, 'START')
  await system.proxies.carrier.cut()
  expect((await start.deliver()).status).toBe(200)
  expect(await system.status(accountId, person)).toMatchObject({ state: 'out' })
  await system.proxies.carrier.resume()
  await waitFor(async () => (await system.status(accountId, person))?.state === 'in', { timeoutMs: 15_000 })
})

test('a YES lifts a block, and is no consent where nothing blocks', async () => {
  const { accountId, businessNumber } = await system.newAccount()
  const person = newPhoneNumber()
  const early = await sendWithoutWebhook(person, businessNumber, 'Yes')
  expect((await early.deliver()).twiml).toContain('<Response/>')
  expect(await system.status(accountId, person)).toMatchObject({ state: 'never' })
  const stop = await sendWithoutWebhook(person, businessNumber, 'STOP')
  await nextSecond()
  const late = await sendWithoutWebhook(person, businessNumber, 'YES')
  await stop.deliver()
  await late.deliver()
  // It may have been answered while the carrier was still asked for its time.
  await waitFor(async () => (await system.status(accountId, person))?.state === 'in')
})

test('free text never lifts a block', async () => {
  const { accountId, businessNumber } = await system.newAccount()
  const person = newPhoneNumber()
  await inbound.text(person, businessNumber, 'STOP')
  for (const body of ['please start again', 'yes please', 'start over']) {
    await inbound.text(person, businessNumber, body, { MessageSid: newSid() })
  }
  expect(await system.status(accountId, person)).toMatchObject({ state: 'out' })
})
