import { channel } from 'node:diagnostics_channel'
import { waitFor } from '@heed/testkit'
import { describe, expect, test } from 'vitest'
import { openExchange } from '../src/carrier/exchange.ts'
import { accepted, carrierServer } from './carrier-server.ts'

const request = { path: '/', headers: { 'content-type': 'text/plain' }, body: 'hello' }
const noHooks = { atGate: () => {}, onWritten: () => {} }

describe.each([{ tls: false }, { tls: true }])('over $tls', ({ tls }) => {
  const open = (server: { url: string; ca: string | undefined }, answerWithinMs = 2_000) =>
    openExchange({
      origin: server.url,
      answerWithinMs,
      connectWithinMs: 2_000,
      ...(server.ca === undefined ? {} : { ca: server.ca }),
    })

  test('a gate that throws writes nothing, and the connection serves the next text', async () => {
    await using server = await carrierServer({ tls, answer: () => accepted() })
    await using exchange = open(server)
    const hold = new Error('hold')
    const stop = () => {
      throw hold
    }
    for (let round = 0; round < 3; round++) {
      expect(await exchange.post(request, { ...noHooks, atGate: stop })).toEqual({
        outcome: 'not-written',
        cause: hold,
      })
      await waitFor(() => server.connections.length === 1)
      expect(server.connections[0]?.bytes).toBe(0)
    }
    expect(await exchange.post(request, noHooks)).toMatchObject({ outcome: 'answered', status: 201 })
    expect(await exchange.post(request, { ...noHooks, atGate: stop })).toMatchObject({
      outcome: 'not-written',
    })
    expect(await exchange.post(request, noHooks)).toMatchObject({ outcome: 'answered', status: 201 })
    expect(server.connections).toHaveLength(1)
    expect(server.connections[0]?.requests).toHaveLength(2)
  })

  test('gate and first byte are in one tick', async () => {
    await using server = await carrierServer({ tls, answer: () => accepted() })
    await using exchange = open(server)
    const order: string[] = []
    const socketWrites = (message: unknown) => {
      const { socket } = message as { socket: { bytesWritten: number } }
      order.push('head made')
      before = socket.bytesWritten
      written = () => socket.bytesWritten - before
    }
    let before = 0
    let written = () => 0
    channel('undici:client:sendHeaders').subscribe(socketWrites)
    try {
      for (let round = 0; round < 3; round++) {
        order.length = 0
        const result = await exchange.post(request, {
          atGate() {
            order.push('gate')
            queueMicrotask(() => order.push('a microtask'))
            process.nextTick(() => order.push('a tick'))
          },
          onWritten: () => order.push(written() > 0 ? 'bytes given to the kernel' : 'nothing given'),
        })
        expect(result.outcome).toBe('answered')
        expect(order.slice(0, 3)).toEqual(['gate', 'head made', 'bytes given to the kernel'])
        expect(order.slice(3).toSorted()).toEqual(['a microtask', 'a tick'])
      }
    } finally {
      channel('undici:client:sendHeaders').unsubscribe(socketWrites)
    }
  })

  test('a carrier that does not answer gets a reset in time', async () => {
    await using server = await carrierServer({ tls, answer: () => null })
    await using exchange = open(server, 100)
    expect(await exchange.post(request, noHooks)).toEqual({ outcome: 'no-answer' })
    await waitFor(() => server.connections[0]?.ended === 'reset')
  })

  test('a reset discards the bytes that were not sent yet', async () => {
    await using server = await carrierServer({
      tls,
      answer: () => null,
      onConnection: ({ socket }) => socket.pause(),
    })
    await using exchange = open(server, 200)
    const body = 'x'.repeat(32 * 1024 * 1024)
    expect(await exchange.post({ ...request, body }, noHooks)).toEqual({ outcome: 'no-answer' })
    server.connections[0]?.socket.resume()
    await waitFor(() => server.connections[0]?.ended !== 'open')
    expect(server.connections[0]?.bytes).toBeLessThan(body.length)
  })

  test('a connection that breaks after the first byte is not tried again', async () => {
    let gates = 0
    await using server = await carrierServer({
      tls,
      answer: (_request, { socket }) => {
        socket.destroy()
        return null
      },
    })
    await using exchange = open(server)
    const counted = { ...noHooks, atGate: () => void gates++ }
    expect(await exchange.post(request, counted)).toMatchObject({ outcome: 'broken' })
    expect(gates).toBe(1)
    expect(server.connections).toHaveLength(1)
  })

  test('an answer longer than 64 KiB breaks the exchange', async () => {
    await using server = await carrierServer({
      tls,
      answer: () => `HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n${'x'.repeat(100_000)}`,
    })
    await using exchange = open(server)
    expect(await exchange.post(request, noHooks)).toMatchObject({ outcome: 'broken' })
  })

  test('a refused connection never reaches the gate', async () => {
    const server = await carrierServer({ tls, answer: () => accepted() })
    await using exchange = open(server)
    await server[Symbol.asyncDispose]()
    let gates = 0
    const result = await exchange.post(request, { ...noHooks, atGate: () => void gates++ })
    expect(result).toMatchObject({ outcome: 'not-written', cause: { code: 'ECONNREFUSED' } })
    expect(gates).toBe(0)
  })
})

test('a certificate that nobody vouches for never reaches the gate', async () => {
  await using server = await carrierServer({ tls: true, answer: () => accepted() })
  await using exchange = openExchange({ origin: server.url, answerWithinMs: 500, connectWithinMs: 2_000 })
  expect(await exchange.post(request, noHooks)).toMatchObject({
    outcome: 'not-written',
    cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
  })
  expect(server.connections).toHaveLength(0)
})

test('a connection that does not come up in time never reaches the gate', async () => {
  await using server = await carrierServer({ tls: false, answer: () => null })
  const origin = server.url.replace('http:', 'https:')
  await using exchange = openExchange({ origin, answerWithinMs: 500, connectWithinMs: 100 })
  expect(await exchange.post(request, noHooks)).toMatchObject({ outcome: 'not-written' })
})
