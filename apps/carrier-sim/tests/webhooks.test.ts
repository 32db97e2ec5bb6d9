import { messageResponse } from '@heed/twilio'
import twilio from 'twilio'
import { expect, test } from 'vitest'
import { accountSid, authToken, business, eventually, phone, startCarrier, startWebhook } from './_carrier.ts'

test('a reply reaches the webhook of its number, signed, and the answer is told', async () => {
  await using carrier = await startCarrier()
  await using webhook = await startWebhook(() => ({ body: messageResponse() }))
  await carrier.setWebhook(`${webhook.url}/hook?x=1#rc=2`)
  const told = await carrier.reply({ body: 'STOP ü', optOutType: 'STOP' })
  expect(told).toEqual({
    messageSid: expect.stringMatching(/^SM[0-9a-f]{32}$/),
    status: 200,
    twiml: messageResponse(),
  })
  expect(webhook.received).toHaveLength(1)
  const [received] = webhook.received
  expect(received?.signed).toBe(true)
  expect(received?.headers['content-type']).toContain('application/x-www-form-urlencoded')
  expect(received?.params).toMatchObject({
    MessageSid: told.messageSid,
    SmsSid: told.messageSid,
    AccountSid: accountSid,
    From: phone,
    To: business,
    Body: 'STOP ü',
    NumMedia: '0',
    NumSegments: '1',
    OptOutType: 'STOP',
    ApiVersion: '2010-04-01',
  })
  const signature = String(received?.headers['x-twilio-signature'])
  expect(
    twilio.validateRequest(authToken, signature, `${webhook.url}/hook?x=1`, received?.params ?? {}),
  ).toBe(true)
})

test("the text in a webhook's answer reaches the phone from the business number", async () => {
  await using carrier = await startCarrier()
  await using webhook = await startWebhook(() => ({ body: messageResponse('Tom & Jerry <3') }))
  await carrier.setWebhook(webhook.url)
  await carrier.reply({ body: 'STOP' })
  expect(await carrier.texts()).toMatchObject([{ from: business, body: 'Tom & Jerry <3' }])
  const [message] = await carrier.twilio.messages.list({ to: phone })
  expect(message).toMatchObject({ direction: 'outbound-reply', status: 'delivered' })
})

test('an answer of an error sends nothing, and is told as it is', async () => {
  await using carrier = await startCarrier()
  await using webhook = await startWebhook(() => ({ status: 503, body: messageResponse('sorry') }))
  await carrier.setWebhook(webhook.url)
  expect(await carrier.reply({ body: 'STOP' })).toMatchObject({
    status: 503,
    twiml: messageResponse('sorry'),
  })
  expect(webhook.received).toHaveLength(1)
  expect(await carrier.texts()).toEqual([])
})

test('duplicates have the same id, follow the first, and the answer told is that of the first', async () => {
  await using carrier = await startCarrier()
  await using webhook = await startWebhook((_, nth) => ({ body: messageResponse(`answer ${nth}`) }))
  await carrier.setWebhook(webhook.url)
  const told = await carrier.reply({ body: 'STOP', duplicates: 2 })
  expect(told.twiml).toBe(messageResponse('answer 1'))
  await eventually(() => webhook.received.length === 3)
  expect(new Set(webhook.received.map(({ params }) => params.MessageSid))).toEqual(new Set([told.messageSid]))
  expect(
    (await eventually(async () => (await carrier.texts()).length === 3 && (await carrier.texts())))
      .map(({ body }) => body)
      .sort(),
  ).toEqual(['answer 1', 'answer 2', 'answer 3'])
})

test('a delayed reply was taken in before its webhook comes', async () => {
  await using carrier = await startCarrier()
  await using webhook = await startWebhook(() => ({ body: messageResponse() }))
  await carrier.setWebhook(webhook.url)
  const startedAt = Date.now()
  const { messageSid } = await carrier.reply({ body: 'STOP', delayMs: 1_200 })
  expect((webhook.received[0]?.atMs ?? 0) - startedAt).toBeGreaterThanOrEqual(1_200)
  const { dateCreated } = await carrier.twilio.messages(messageSid).fetch()
  expect(dateCreated.getTime()).toBeLessThanOrEqual(startedAt + 500)
})

test('a number without a webhook, and a webhook that is not there, are told as 0', async () => {
  await using carrier = await startCarrier()
  expect(await carrier.reply({ body: 'STOP' })).toMatchObject({ status: 0, twiml: '' })
  await carrier.setWebhook('http://127.0.0.1:9/')
  expect(await carrier.reply({ body: 'STOP' })).toMatchObject({ status: 0, twiml: '' })
  expect(await carrier.twilio.messages.list({ to: business })).toHaveLength(2)
})

test('errors are repeated where the fragment of the URL asks for it', async () => {
  await using carrier = await startCarrier()
  await using webhook = await startWebhook((_, nth) => ({
    status: nth < 3 ? 500 : 200,
    body: messageResponse(),
  }))
  await carrier.setWebhook(`${webhook.url}/#rc=3&rp=5xx`)
  expect(await carrier.reply({ body: 'STOP' })).toMatchObject({ status: 200 })
  expect(webhook.received).toHaveLength(3)
})

test('a sent text is reported as sent and delivered, signed on its callback URL', async () => {
  await using carrier = await startCarrier()
  await using webhook = await startWebhook(() => ({ status: 204 }))
  const statusCallback = `${webhook.url}/status?attempt=a.1`
  const { sid } = await carrier.twilio.messages.create({
    to: phone,
    from: business,
    body: 'x',
    statusCallback,
  })
  await eventually(() => webhook.received.length === 2)
  expect(webhook.received.every(({ signed }) => signed)).toBe(true)
  expect(webhook.received.map(({ params }) => params.MessageStatus)).toEqual(['sent', 'delivered'])
  expect(webhook.received[0]?.params).toMatchObject({
    MessageSid: sid,
    AccountSid: accountSid,
    To: phone,
    From: business,
  })
})

test('a text that fails is reported with its code and is not on the phone', async () => {
  await using carrier = await startCarrier()
  await using webhook = await startWebhook(() => ({}))
  const message = { from: business, body: 'x', statusCallback: webhook.url }
  await carrier.faults({ kind: 'undelivered', numbers: [phone] }, { kind: 'failed', errorCode: 30007 })
  const { sid } = await carrier.twilio.messages.create({ ...message, to: phone })
  await carrier.twilio.messages.create({ ...message, to: '+15550001112' })
  await eventually(() => webhook.received.length === 3)
  const told = webhook.received.map(({ params }) => [params.To, params.MessageStatus, params.ErrorCode])
  expect(told.sort()).toEqual(
    [
      [phone, 'sent', undefined],
      [phone, 'undelivered', '30003'],
      ['+15550001112', 'failed', '30007'],
    ].sort(),
  )
  expect(await carrier.texts()).toEqual([])
  expect(await carrier.twilio.messages(sid).fetch()).toMatchObject({
    status: 'undelivered',
    errorCode: 30003,
  })
})
