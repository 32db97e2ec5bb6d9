import { messageResponse } from '@heed/twilio'
import { expect, test } from 'vitest'
import { business, eventually, phone, startCarrier, startWebhook } from './_carrier.ts'

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error,
  )
type Carrier = Awaited<ReturnType<typeof startCarrier>>
const send = (carrier: Carrier, to = phone) =>
  carrier.twilio.messages.create({ to, from: business, body: 'x' })

test('an error comes before the text is accepted, or after', async () => {
  await using carrier = await startCarrier()
  await carrier.faults({ kind: 'error', status: 503 })
  expect(await failure(send(carrier))).toMatchObject({ status: 503, code: 20500 })
  expect(await carrier.texts()).toEqual([])
  await carrier.faults({ kind: 'error', accepted: true })
  expect(await failure(send(carrier))).toMatchObject({ status: 500 })
  expect(await carrier.texts()).toHaveLength(1)
})

test('a hanging request is never answered; the text was accepted or not', async () => {
  const carrier = await startCarrier()
  const other = '+15550001112'
  await carrier.faults({ kind: 'hang', accepted: true, numbers: [phone] }, { kind: 'hang', numbers: [other] })
  const accepted = failure(send(carrier))
  const refused = failure(send(carrier, other))
  await eventually(async () => (await carrier.texts()).length === 1)
  await send(carrier, '+15550001113')
  expect(await Promise.race([accepted, refused, Promise.resolve('pending')])).toBe('pending')
  expect(await carrier.texts(other)).toEqual([])
  await carrier[Symbol.asyncDispose]()
  expect(await accepted).toMatchObject({ code: 'ECONNRESET' })
  expect(await refused).toMatchObject({ code: 'ECONNRESET' })
})

test('a late answer is for a text that was taken in at once', async () => {
  await using carrier = await startCarrier()
  await carrier.faults({ kind: 'delay', ms: 700 })
  const startedAt = performance.now()
  const sent = send(carrier)
  await eventually(async () => (await carrier.texts()).length === 1)
  expect(performance.now() - startedAt).toBeLessThan(600)
  await sent
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(690)
})

test('21610 is told for the numbers named, and for no other', async () => {
  await using carrier = await startCarrier()
  await carrier.faults({ kind: '21610', numbers: [phone] })
  expect(await failure(send(carrier))).toMatchObject({ status: 400, code: 21610 })
  await send(carrier, '+15550001112')
  expect(await carrier.texts()).toEqual([])
})

test('429 is told with the time to wait', async () => {
  await using carrier = await startCarrier()
  await carrier.faults({ kind: '429', retryAfterSeconds: 2 })
  expect(await failure(send(carrier))).toMatchObject({ status: 429, code: 20429 })
  await carrier.faults({ kind: '429', on: 'read' })
  expect(await failure(carrier.twilio.messages.list())).toMatchObject({ status: 429, code: 20429 })
  await send(carrier)
})

test('a fault hits about its share', async () => {
  await using carrier = await startCarrier()
  await carrier.faults({ kind: 'error', share: 0.5 })
  const outcomes = await Promise.all(Array.from({ length: 200 }, () => failure(send(carrier))))
  const failed = outcomes.filter((outcome) => outcome !== null).length
  expect(failed).toBeGreaterThan(50)
  expect(failed).toBeLessThan(150)
  expect(await carrier.texts()).toHaveLength(200 - failed)
})

test('a fault ends after its time, and a new set replaces the old one', async () => {
  await using carrier = await startCarrier()
  await carrier.faults({ kind: 'error', forMs: 300 })
  expect(await failure(send(carrier))).toMatchObject({ status: 500 })
  await eventually(async () => (await failure(send(carrier))) === null)
  expect((await carrier.call('GET', '/faults')).json).toEqual({ faults: [] })
  await carrier.faults({ kind: 'error' })
  await carrier.call('POST', '/faults', [])
  expect(await failure(send(carrier))).toBeNull()
})

test('a dropped webhook is told as 0, and the message is in the list', async () => {
  await using carrier = await startCarrier()
  await using webhook = await startWebhook(() => ({ body: messageResponse() }))
  await carrier.setWebhook(webhook.url)
  await carrier.faults({ kind: 'drop' })
  const { messageSid, status } = await carrier.reply({ body: 'STOP' })
  expect(status).toBe(0)
  expect(webhook.received).toEqual([])
  expect(await carrier.twilio.messages(messageSid).fetch()).toMatchObject({
    direction: 'inbound',
    body: 'STOP',
  })
})
