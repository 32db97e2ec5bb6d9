import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { twilioClient } from './twilio-client.ts'
import { TwilioError } from './twilio-error.ts'

const sid = (digit: number) => `SM${String(digit).repeat(32)}`
const resource = (digit: number) => ({
  sid: sid(digit),
  date_created: 'Thu, 24 Aug 2023 05:01:45 +0000',
  direction: 'inbound',
  from: '+15550001111',
  to: '+15550002222',
  body: 'STOP',
  status: 'received',
  error_code: null,
  num_media: '0',
})

async function carrier(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    client: twilioClient({ baseUrl, accountSid: 'ACx', authToken: 'secret', timeoutMs: 300 }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
const json = (response: ServerResponse, status: number, body: unknown) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error,
  )

test('a message is fetched by its id, with the account and its token', async () => {
  const seen: unknown[] = []
  await using it = await carrier((request, response) => {
    seen.push(request.url, request.headers.authorization)
    json(response, 200, resource(1))
  })
  expect(await it.client.fetchMessage(sid(1))).toEqual({
    sid: sid(1),
    dateCreated: new Date('2023-08-24T05:01:45Z'),
    direction: 'inbound',
    from: '+15550001111',
    to: '+15550002222',
    body: 'STOP',
    status: 'received',
    errorCode: null,
  })
  const authorization = `Basic ${Buffer.from('ACx:secret').toString('base64')}`
  expect(seen).toEqual([`/2010-04-01/Accounts/ACx/Messages/${sid(1)}.json`, authorization])
})

test('a message that does not exist is null', async () => {
  await using it = await carrier((_, response) => json(response, 404, { code: 20404 }))
  expect(await it.client.fetchMessage(sid(1))).toBeNull()
})

test("a 404 that is not the carrier's is an error, not a missing message", async () => {
  await using it = await carrier((_, response) => json(response, 404, 'no such page'))
  expect(await failure(it.client.fetchMessage(sid(1)))).toMatchObject({ reason: 'refused', status: 404 })
})

test('a list follows its pages to the end', async () => {
  const seen: (string | undefined)[] = []
  await using it = await carrier((request, response) => {
    seen.push(request.url)
    const second = request.url?.includes('Page=1')
    json(response, 200, {
      messages: second ? [resource(3)] : [resource(1), resource(2)],
      next_page_uri: second ? null : '/2010-04-01/Accounts/ACx/Messages.json?Page=1&PageToken=PAx',
    })
  })
  const list = it.client.listMessages({
    to: '+15550002222',
    dateSentAfter: new Date('2023-08-24T05:00:00.700Z'),
    pageSize: 2,
  })
  expect((await Array.fromAsync(list)).map((message) => message.sid)).toEqual([sid(1), sid(2), sid(3)])
  const [first, second] = seen.map((path) => [...new URLSearchParams(path?.split('?')[1])])
  expect(first).toEqual([
    ['PageSize', '2'],
    ['To', '+15550002222'],
    ['DateSent>', '2023-08-24T05:00:00Z'],
  ])
  expect(second).toEqual([
    ['Page', '1'],
    ['PageToken', 'PAx'],
  ])
})

test("an error names status and code, never the number in Twilio's text", async () => {
  const message = "The 'To' number +15550001111 is not a valid phone number."
  await using it = await carrier((_, response) => json(response, 400, { code: 21211, message, status: 400 }))
  const error = await failure(it.client.fetchMessage(sid(1)))
  expect(error).toBeInstanceOf(TwilioError)
  expect(error).toMatchObject({ reason: 'refused', status: 400, code: 21211 })
  expect(String(error) + JSON.stringify(error)).not.toContain('5550001111')
})

test('an unreadable answer is an error, not a message', async () => {
  await using it = await carrier((_, response) =>
    json(response, 200, { ...resource(1), date_created: 'soon' }),
  )
  expect(await failure(it.client.fetchMessage(sid(1)))).toMatchObject({ reason: 'unreadable', status: 200 })
})

test('a next page on another host is not followed', async () => {
  await using it = await carrier((_, response) =>
    json(response, 200, { messages: [], next_page_uri: '//evil.example/x' }),
  )
  expect(await failure(Array.fromAsync(it.client.listMessages()))).toMatchObject({ reason: 'unreadable' })
})

test('an answer that is too large is not read to its end', async () => {
  await using it = await carrier((_, response) => {
    response.writeHead(200)
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(1 << 20)));
    }
    response.on('drain', more)
    more()
  })
  expect(await failure(it.client.fetchMessage(sid(1)))).toBeInstanceOf(TwilioError)
})

test('a carrier that does not answer is an error after the timeout', async () => {
  await using it = await carrier(() => {})
  expect(await failure(it.client.fetchMessage(sid(1)))).toMatchObject({ reason: 'unreachable', status: null })
})

test('a carrier that is not there is an error', async () => {
  const client = twilioClient({ baseUrl: 'http://127.0.0.1:9', accountSid: 'ACx', authToken: 'secret' })
  expect(await failure(client.fetchMessage(sid(1)))).toMatchObject({ reason: 'unreachable' })
})
