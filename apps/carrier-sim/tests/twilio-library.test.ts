import { connect } from 'node:net'
import { basicAuthorization, messagesPath, twilioClient } from '@heed/twilio'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  accountSid,
  authToken,
  business,
  eventually,
  phone,
  startCarrier,
  twilioLibrary,
} from './_carrier.ts'

let carrier: Awaited<ReturnType<typeof startCarrier>>
beforeAll(async () => {
  carrier = await startCarrier()
})
afterAll(() => carrier[Symbol.asyncDispose]())

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error,
  )

describe("Twilio's own library", () => {
  test('sends a text, which the phone has, and reads the answer', async () => {
    const before = Date.now()
    const message = await carrier.twilio.messages.create({
      to: '+15550001001',
      from: business,
      body: 'Hi 🛑',
      validityPeriod: 60,
    })
    expect(message).toMatchObject({
      status: 'queued',
      direction: 'outbound-api',
      numSegments: '1',
      errorCode: null,
    })
    expect(message.sid).toMatch(/^SM[0-9a-f]{32}$/)
    expect(message.dateCreated.getTime()).toBeGreaterThan(before - 1_000)
    const [text, ...others] = await carrier.texts('+15550001001')
    expect(others).toEqual([])
    expect(text).toMatchObject({ sid: message.sid, from: business, body: 'Hi 🛑' })
    expect(Date.parse(text?.receivedAt ?? '')).toBeGreaterThanOrEqual(before)
    expect(Date.parse(text?.receivedAt ?? '')).toBeLessThanOrEqual(Date.now())
  })

  test('fetches one message', async () => {
    const { sid } = await carrier.twilio.messages.create({ to: phone, from: business, body: 'one' })
    expect(await carrier.twilio.messages(sid).fetch()).toMatchObject({
      sid,
      body: 'one',
      status: 'delivered',
    })
  })

  test('lists messages newest first, over its pages, by their filters', async () => {
    const to = '+15550001002'
    for (const body of ['1', '2', '3', '4', '5'])
      await carrier.twilio.messages.create({ to, from: business, body })
    const bodies = async (filter: object) =>
      (await carrier.twilio.messages.list(filter)).map(({ body }) => body)
    expect(await bodies({ to, pageSize: 2 })).toEqual(['5', '4', '3', '2', '1'])
    expect(await bodies({ to, from: business, limit: 2 })).toEqual(['5', '4'])
    expect(await bodies({ to, from: '+15559999999' })).toEqual([])
    const hour = 3_600_000
    expect(await bodies({ to, dateSentAfter: new Date(Date.now() - hour) })).toHaveLength(5)
    expect(await bodies({ to, dateSentAfter: new Date(Date.now() + hour) })).toEqual([])
    expect(await bodies({ to, dateSentBefore: new Date(Date.now() + hour) })).toHaveLength(5)
    expect(await bodies({ to, dateSentBefore: new Date(Date.now() - hour) })).toEqual([])
  })

  test('a page stays where it was while new messages come', async () => {
    const to = '+15550001003'
    for (const body of ['1', '2', '3']) await carrier.twilio.messages.create({ to, from: business, body })
    const first = await carrier.twilio.messages.page({ to, pageSize: 2 })
    await carrier.twilio.messages.create({ to, from: business, body: '4' })
    const second = await first.nextPage()
    expect(second?.instances.map(({ body }) => body)).toEqual(['1'])
  })

  test.each([
    [{ to: '123', from: business, body: 'x' }, 21211],
    [{ to: '', from: business, body: 'x' }, 21604],
    [{ to: phone, from: 'nobody', body: 'x' }, 21212],
    [{ to: phone, body: 'x' }, 21603],
    [{ to: phone, from: business, body: '' }, 21602],
    [{ to: phone, from: business, body: 'x'.repeat(1601) }, 21617],
    [{ to: phone, from: business, body: 'x', statusCallback: 'nowhere' }, 21609],
    [{ to: phone, from: business, body: 'x', validityPeriod: 36_001 }, 21624],
  ])('is refused as by Twilio: %j', async (message, code) => {
    const error = await failure(carrier.twilio.messages.create(message))
    expect(error).toMatchObject({ status: 400, code, moreInfo: `https://www.twilio.com/docs/errors/${code}` })
  })

  test('a wrong token is refused', async () => {
    const wrong = twilioLibrary(carrier.url, 'another')
    expect(await failure(wrong.messages.create({ to: phone, from: business, body: 'x' }))).toMatchObject({
      status: 401,
      code: 20003,
    })
    expect(await failure(wrong.messages.list())).toMatchObject({ status: 401, code: 20003 })
  })

  test('a message that does not exist is not found', async () => {
    expect(await failure(carrier.twilio.messages(`SM${'0'.repeat(32)}`).fetch())).toMatchObject({
      status: 404,
      code: 20404,
    })
  })
})

test('our own client fetches and lists an inbound message with the time at which the carrier took it in', async () => {
  const client = twilioClient({ baseUrl: carrier.url, accountSid, authToken })
  const number = '+15550002003'
  const before = Math.floor(Date.now() / 1_000) * 1_000
  const replied = carrier.reply({ to: number, body: 'START', delayMs: 1_500 })
  const listed = await eventually(async () => {
    const found = await Array.fromAsync(client.listMessages({ to: number, dateSentAfter: new Date(before) }))
    return found[0]
  })
  expect(listed).toMatchObject({
    direction: 'inbound',
    from: phone,
    to: number,
    body: 'START',
    status: 'received',
  })
  expect(listed.dateCreated.getTime()).toBeGreaterThanOrEqual(before)
  const { messageSid } = await replied
  expect(await client.fetchMessage(messageSid)).toEqual(listed)
  expect(await client.fetchMessage(`SM${'f'.repeat(32)}`)).toBeNull()
  expect(await carrier.texts(number)).toEqual([])
})

test('a phone that got nothing has no texts', async () => {
  expect(await carrier.texts('+15550009999')).toEqual([])
})

test('receivedAt is when the first byte of each request arrived, also on a connection that had others', async () => {
  const to = '+15550001004'
  const body = new URLSearchParams({ To: to, From: business, Body: 'slow' }).toString()
  const head = `POST ${messagesPath(accountSid)} HTTP/1.1\r\nHost: x\r\nAuthorization: ${basicAuthorization(accountSid, authToken)}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n`
  const socket = connect(Number(new URL(carrier.url).port), '127.0.0.1')
  socket.setNoDelay(true)
  let answers = ''
  socket.on('data', (chunk) => {
    answers += chunk.toString()
  })
  const firstBytes: number[] = []
  for (const nth of [1, 2, 3]) {
    firstBytes.push(Date.now())
    for (const piece of [
      head.slice(0, 1),
      head.slice(1, 40),
      head.slice(40),
      body.slice(0, 5),
      body.slice(5),
    ]) {
      socket.write(piece)
      const written = Date.now()
      await eventually(() => Date.now() >= written + 60)
    }
    await eventually(() => answers.split('HTTP/1.1 201').length === nth + 1)
  }
  socket.destroy()
  const received = (await carrier.texts(to)).map(({ receivedAt }) => Date.parse(receivedAt))
  expect(received).toHaveLength(3)
  for (const [index, at] of received.entries()) expect(at - (firstBytes[index] ?? 0)).toBeLessThan(60)
  for (const [index, at] of received.entries())
    expect(at - (firstBytes[index] ?? 0)).toBeGreaterThanOrEqual(0)
})

test('bad input to the simulation is refused by name, and not repeated', async () => {
  for (const [method, path, body] of [
    ['GET', '/phones/123', undefined],
    ['PUT', '/numbers/%2B15550002222', { webhookUrl: 'ftp://x' }],
    ['PUT', '/numbers/%2B15550002222', { webhookUrl: 'http://x', more: 1 }],
    ['POST', '/phones/%2B15550001111/reply', { to: business }],
    ['POST', '/phones/%2B15550001111/reply', { to: business, body: 'x', delayMs: -1 }],
    ['POST', '/phones/%2B15550001111/reply', { to: 'secret-555', body: 'x' }],
    ['POST', '/faults', { faults: [{ kind: 'earthquake' }] }],
    ['POST', '/faults', { faults: [{ kind: 'delay', ms: 5, share: 2 }] }],
  ] as const) {
    const { status, json } = await carrier.call(method, path, body)
    expect({ path, status, json }).toMatchObject({
      path,
      status: 400,
      json: { error: { data: { reason: 'bad-request' } } },
    })
    expect(JSON.stringify(json)).not.toContain('555')
  }
})
