import { checkNothingOpen, newPhoneNumber, testLog } from '@heed/testkit'
import { signWebhook } from '@heed/twilio'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newSid, publicUrl } from './carrier-door.ts'
import { type System, startInbound, startSystem } from './start-system.ts'

checkNothingOpen()

let system: System
let inbound: Awaited<ReturnType<typeof startInbound>>
const log = testLog()

beforeAll(async () => {
  system = await startSystem()
  inbound = await startInbound(system, {}, log)
})
afterAll(async () => {
  await inbound[Symbol.asyncDispose]()
  await system[Symbol.asyncDispose]()
})

const path = '/webhooks/twilio'
const arrived = async (id: string) => {
  const { db } = system.database
  const stored = await db.collection('messages').find({ carrierMessageId: id }).toArray()
  return stored.length + (await db.collection('kept').find({ 'message.id': id }).toArray()).length
}

test('a wrong signature is refused and counted, and nothing is written', async () => {
  const { accountId, businessNumber } = await system.newAccount()
  const person = newPhoneNumber()
  const before = await inbound.metric('heed_inbound_signature_failures_total')
  const form = { MessageSid: newSid(), AccountSid: 'AC1', From: person, To: businessNumber, Body: 'STOP' }
  const body = new URLSearchParams(form).toString()
  const ofHost = signWebhook({
    authToken: system.secrets.twilioAuthToken,
    url: inbound.url + path,
    params: form,
  })
  for (const headers of [{}, { 'x-twilio-signature': 'no' }, { 'x-twilio-signature': ofHost }]) {
    const answer = await inbound.post(path, body, headers)
    expect(answer.status).toBe(403)
    expect(JSON.parse(answer.twiml)).toMatchObject({ error: { data: { reason: 'wrong-signature' } } })
  }
  expect(await inbound.metric('heed_inbound_signature_failures_total')).toBe(before + 3)
  expect(await system.status(accountId, person)).toMatchObject({ state: 'never' })
  expect(await arrived(form.MessageSid)).toBe(0)
})

test('an oversized body is refused with a typed reason', async () => {
  const answer = await inbound.post(path, `Body=${'x'.repeat(70_000)}`)
  expect(answer.status).toBe(413)
  expect(JSON.parse(answer.twiml)).toMatchObject({ error: { data: { reason: 'body-too-large' } } })
})

const signedBytes = (body: string, params: Record<string, string>) =>
  inbound.post(path, body, {
    'x-twilio-signature': signWebhook({
      authToken: system.secrets.twilioAuthToken,
      url: publicUrl + path,
      params,
    }),
  })

test('a signed text that is not UTF-8 is refused and not written', async () => {
  const { businessNumber } = await system.newAccount()
  const form = { MessageSid: newSid(), From: newPhoneNumber(), To: businessNumber }
  const body = `${new URLSearchParams(form)}&Body=hi%FF`
  const answer = await signedBytes(body, { ...form, Body: 'hi\ufffd' })
  expect(answer.status).toBe(400)
  expect(JSON.parse(answer.twiml)).toMatchObject({ error: { data: { reason: 'not-utf8' } } })
  expect(await arrived(form.MessageSid)).toBe(0)
})

test('a signed STOP with another field that is not UTF-8 opts out', async () => {
  const { accountId, businessNumber } = await system.newAccount()
  const form = { MessageSid: newSid(), From: newPhoneNumber(), To: businessNumber, Body: 'STOP' }
  const body = `${new URLSearchParams(form)}&FromCity=M%FCnchen`
  const answer = await signedBytes(body, { ...form, FromCity: 'M\ufffdnchen' })
  expect(answer.status).toBe(200)
  expect(await system.status(accountId, form.From)).toMatchObject({ state: 'out' })
})

test('a signed STOP from what is no phone number is kept and answered with success', async () => {
  const { businessNumber } = await system.newAccount()
  for (const form of [
    { From: '12345', To: businessNumber },
    { From: 'ACME', To: businessNumber },
    { From: newPhoneNumber(), To: '54321' },
    { From: '', To: '' },
  ]) {
    const MessageSid = newSid()
    const answer = await inbound.signed(path, { MessageSid, ...form, Body: 'STOP' })
    expect(answer).toMatchObject({ status: 200, twiml: expect.stringContaining('<Response/>') })
    expect(await arrived(MessageSid)).toBeGreaterThan(0)
  }
})

test('a signed STOP with unknown fields and without an id of its own opts out', async () => {
  const { accountId, businessNumber } = await system.newAccount()
  const person = newPhoneNumber()
  const form = {
    From: person,
    To: businessNumber,
    Body: 'STOP',
    Brand: 'new',
    NumMedia: 'many',
    OptOutType: '?',
  }
  expect((await inbound.signed(path, form)).status).toBe(200)
  expect(await system.status(accountId, person)).toMatchObject({ state: 'out' })
})

test('D1: no line of the log holds a phone number', () => {
  expect(JSON.stringify(log.lines)).not.toMatch(/\+\d{7,15}/)
})
