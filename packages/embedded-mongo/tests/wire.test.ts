import { once } from 'node:events'
import { Binary, type Document, Timestamp } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { crc32c } from '../src/wire/crc32c.ts'
import { errorOf, type Server, startServer } from './harness.ts'
import { bodyOf, opMsg, opQuery, rawConnection } from './raw-connection.ts'

let server: Server
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

describe('the handshake', () => {
  test('is answered as OP_REPLY to a legacy query, by the address the client used', async () => {
    using raw = await rawConnection(server.port)
    const message = await raw.exchange(opQuery('admin.$cmd', { ismaster: 1, helloOk: true, client: {} }))
    expect(message.readInt32LE(12)).toBe(1)
    expect(bodyOf(message)).toMatchObject({
      ismaster: true,
      setName: 'heed',
      me: `127.0.0.1:${server.port}`,
      hosts: [`127.0.0.1:${server.port}`],
      maxWireVersion: 25,
      ok: 1,
    })
  })

  test('is the only command that a legacy query may be', async () => {
    using raw = await rawConnection(server.port)
    expect(bodyOf(await raw.exchange(opQuery('test.$cmd', { ping: 1 })))).toMatchObject({ ok: 0, code: 352 })
  })

  test('tells version and time', async () => {
    const hello = await server.db.admin().command({ hello: 1 })
    expect(hello).toMatchObject({
      isWritablePrimary: true,
      logicalSessionTimeoutMinutes: 30,
      maxBsonObjectSize: 16777216,
      maxMessageSizeBytes: 48000000,
      maxWriteBatchSize: 100000,
    })
    expect((await server.db.admin().buildInfo()).version).toMatch(/^8\.0\./)
    expect(hello.operationTime).toBeInstanceOf(Timestamp)
  })
})

describe('messages', () => {
  test('may bring documents in sequences, and a checksum', async () => {
    using raw = await rawConnection(server.port)
    const message = opMsg(
      { insert: 'seq', $db: 'test' },
      { flags: 1, sequences: { documents: [{ _id: 1 }, { _id: 2 }] } },
    )
    const summed = Buffer.concat([message, Buffer.alloc(4)])
    summed.writeInt32LE(summed.length, 0)
    summed.writeUInt32LE(crc32c(summed.subarray(0, -4)), summed.length - 4)
    expect(bodyOf(await raw.exchange(summed))).toMatchObject({ n: 2, ok: 1 })
  })

  test('with moreToCome are carried out and not answered', async () => {
    using raw = await rawConnection(server.port)
    raw.socket.write(
      opMsg({ insert: 'quiet', documents: [{ _id: 1 }], writeConcern: { w: 0 }, $db: 'test' }, { flags: 2 }),
    )
    expect(await raw.command({ find: 'quiet' })).toMatchObject({ cursor: { firstBatch: [{ _id: 1 }] } })
  })

  test('may come in pieces and several at once', async () => {
    using raw = await rawConnection(server.port)
    const message = opMsg({ ping: 1, $db: 'test' })
    raw.socket.write(message.subarray(0, 3))
    await new Promise((resolve) => setImmediate(resolve))
    raw.socket.write(message.subarray(3, 20))
    await new Promise((resolve) => setImmediate(resolve))
    const first = await raw.exchange(Buffer.concat([message.subarray(20), message]))
    expect(bodyOf(first)).toMatchObject({ ok: 1 })
  })

  const broken = (change: (bytes: Buffer) => void): Buffer => {
    const bytes = opMsg({ ping: 1, $db: 'test', text: 'abc' })
    change(bytes)
    return bytes
  }
  test.each<[string, Buffer]>([
    ['a length too small', broken((bytes) => bytes.writeInt32LE(5, 0))],
    ['a length too large', broken((bytes) => bytes.writeInt32LE(50_000_000, 0))],
    ['a negative length', broken((bytes) => bytes.writeInt32LE(-1, 0))],
    ['an unknown operation', broken((bytes) => bytes.writeInt32LE(2012, 12))],
    ['an unknown required flag', broken((bytes) => bytes.writeUInt32LE(4, 16))],
    ['an unknown section', broken((bytes) => bytes.writeUInt8(7, 20))],
    ['a document longer than its message', broken((bytes) => bytes.writeInt32LE(1000, 21))],
    ['text longer than its document', broken((bytes) => bytes.writeInt32LE(99, bytes.length - 9))],
    ['a wrong checksum', broken((bytes) => bytes.writeUInt32LE(1, 16))],
    ['rubbish', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
  ])('with %s end the connection, and only that', async (_, bytes) => {
    using raw = await rawConnection(server.port)
    raw.socket.write(bytes)
    await once(raw.socket, 'close')
    expect(await server.db.command({ ping: 1 })).toMatchObject({ ok: 1 })
  })

  test('of random bytes never end the server', async () => {
    let seed = 1
    const random = (): number => {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff
      return seed
    }
    for (let i = 0; i < 120; i++) {
      const bytes = opMsg({
        find: 'c',
        filter: { a: { $in: [1, 'x', new Binary(Buffer.from('y'))] } },
        $db: 'test',
      })
      for (let k = 0; k < 3; k++) bytes[16 + (random() % (bytes.length - 16))] = random() & 255
      using raw = await rawConnection(server.port)
      raw.socket.on('error', () => undefined)
      raw.socket.write(bytes)
      await Promise.race([
        once(raw.socket, 'data'),
        once(raw.socket, 'close'),
        new Promise((resolve) => setTimeout(resolve, 30)),
      ])
    }
    expect(await server.db.command({ ping: 1 })).toMatchObject({ ok: 1 })
  })
})

describe('what it does not know', () => {
  test.each<[string, Document, number, string]>([
    ['a command', { noSuch: 1 }, 59, 'CommandNotFound'],
    ['a field of a command', { find: 'c', noSuch: 1 }, 40415, 'IDLUnknownField'],
    ['a stage', { aggregate: 'c', pipeline: [{ $noSuch: {} }], cursor: {} }, 40324, 'Location40324'],
    [
      'an expression',
      { aggregate: 'c', pipeline: [{ $project: { a: { $noSuch: 1 } } }], cursor: {} },
      168,
      'InvalidPipelineOperator',
    ],
    [
      'an accumulator',
      { aggregate: 'c', pipeline: [{ $group: { _id: 1, a: { $noSuch: 1 } } }], cursor: {} },
      15952,
      'Location15952',
    ],
    ['a read concern', { find: 'c', readConcern: { level: 'sure' } }, 2, 'BadValue'],
    [
      'a write concern',
      { insert: 'c', documents: [{}], writeConcern: { w: 'two' } },
      79,
      'UnknownReplWriteConcern',
    ],
    ['a capped collection', { create: 'capped', capped: true, size: 1 }, 115, 'CommandNotSupported'],
    ['a tailable cursor', { find: 'c', tailable: true }, 2, 'BadValue'],
    ['a namespace', { find: '' }, 73, 'InvalidNamespace'],
    ['a name with a dollar', { insert: 'a$b', documents: [{}] }, 73, 'InvalidNamespace'],
    ['authentication', { saslStart: 1, mechanism: 'PLAIN', payload: '' }, 18, 'AuthenticationFailed'],
    ['a pipeline without its cursor', { aggregate: 'c', pipeline: [] }, 9, 'FailedToParse'],
    ['a filter that is none', { find: 'c', filter: 1 }, 14, 'TypeMismatch'],
    ['a negative limit', { find: 'c', limit: -1 }, 51024, 'Location51024'],
  ])('%s is refused by the code of the server', async (_, command, code, codeName) => {
    using raw = await rawConnection(server.port)
    expect(await raw.command(command)).toMatchObject({ ok: 0, code, codeName })
  })

  test('admin commands elsewhere', async () => {
    expect((await errorOf(server.db.command({ listDatabases: 1 }))).code).toBe(13)
  })
})

test('documents beyond 16 MB are refused', async () => {
  using raw = await rawConnection(server.port)
  const big = 'x'.repeat(16 * 1024 * 1024 + 20_000)
  const reply = await raw.exchange(
    opMsg({ insert: 'big', $db: 'test' }, { sequences: { documents: [{ _id: 1, big }] } }),
  )
  expect(bodyOf(reply)).toMatchObject({ ok: 0, code: 10334, codeName: 'BSONObjectTooLarge' })
  await server.collection('big').insertOne({ _id: 1, big: 'x'.repeat(10_000_000) })
  const grown = server.collection('big').updateOne({ _id: 1 }, { $set: { more: 'x'.repeat(10_000_000) } })
  expect((await errorOf(grown)).code).toBe(17419)
})

test('the stable API in strict mode knows its commands', async () => {
  const strict = server.connect({ serverApi: { version: '1', strict: true } }).db('test')
  await strict.collection('c').insertOne({ a: 1 })
  expect(await strict.collection('c').countDocuments()).toBeGreaterThan(0)
  expect(await errorOf(strict.collection('c').distinct('a'))).toMatchObject({
    code: 323,
    codeName: 'APIStrictError',
  })
})
