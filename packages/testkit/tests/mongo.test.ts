import {
  connectMongo,
  ensureIndexes,
  IndexConflictError,
  isDuplicateKey,
  isUnknownOutcome,
  linearizableRead,
  MongoUrlError,
  majorityRead,
  majorityWrite,
  safetyMaxTimeMs,
  withSession,
} from '@heed/mongo'
import { expect, test } from 'vitest'
import { checkNothingOpen, ownMongo, startProxy, testDatabase, testLog, waitFor } from '../src/index.ts'

checkNothingOpen()

test('a safe read is linearizable first and majority after, in one session', async () => {
  await using database = await testDatabase('testkit', 'safety')
  const heads = database.db.collection<{ _id: string; rev: number }>('heads')
  await heads.insertOne({ _id: 'a', rev: 1 }, { writeConcern: majorityWrite })
  const rows = await withSession(database.client, async (session) => {
    const first = { session, readConcern: linearizableRead, maxTimeMS: safetyMaxTimeMs }
    const [head] = await heads.find({ _id: { $in: ['a'] } }, first).toArray()
    const then = { session, readConcern: majorityRead, maxTimeMS: safetyMaxTimeMs }
    return [head, await heads.findOne({ _id: 'a' }, then)]
  })
  expect(rows).toEqual([
    { _id: 'a', rev: 1 },
    { _id: 'a', rev: 1 },
  ])
})

test('a duplicate key is told from other refusals, alone and in a bulk', async () => {
  await using database = await testDatabase('testkit')
  const rows = database.db.collection<{ _id: number }>('rows')
  await rows.insertOne({ _id: 1 })
  const alone = await rows.insertOne({ _id: 1 }).catch((error: unknown) => error)
  const bulk = await rows
    .insertMany([{ _id: 1 }, { _id: 2 }], { ordered: false })
    .catch((error: unknown) => error)
  expect([isDuplicateKey(alone), isDuplicateKey(bulk)]).toEqual([true, true])
  expect(await rows.countDocuments({ _id: 2 })).toBe(1)
  const other = await database.db.command({ noSuchCommand: 1 }).catch((error: unknown) => error)
  expect([isDuplicateKey(other), isUnknownOutcome(other)]).toEqual([false, false])
})

test('indexes are made by any number of instances at once; one that differs is reported', async () => {
  await using database = await testDatabase('testkit')
  const rows = database.db.collection('rows')
  const specs = [{ key: { a: 1, rev: 1 }, unique: true, name: 'a_rev' }]
  await Promise.all(Array.from({ length: 4 }, () => ensureIndexes(rows, specs)))
  await ensureIndexes(rows, specs)
  const differing = [{ key: { a: 1, rev: 1 }, name: 'a_rev' }]
  await expect(ensureIndexes(rows, differing)).rejects.toThrow(IndexConflictError)
})

test('a service that starts before its database waits for it, and says so without credentials', async () => {
  await using server = await ownMongo()
  await server.kill()
  const log = testLog()
  const opening = connectMongo({ url: server.url, appName: 'early', purpose: 'ordinary', log })
  await waitFor(() => log.lines.length === 1, { timeoutMs: 10_000 })
  await server.start()
  await using connection = await opening
  await connection.ping()
  expect(log.lines.map(({ message }) => message)).toEqual(['waiting for MongoDB', 'MongoDB is there'])
})

test('a wait that is called off ends soon, and a wrong address is refused without repeating it', async () => {
  const calledOff = connectMongo({
    url: 'mongodb://127.0.0.1:1/?directConnection=true',
    appName: 'early',
    purpose: 'ordinary',
    signal: AbortSignal.timeout(200),
  })
  const started = performance.now()
  await expect(calledOff).rejects.toThrow()
  expect(performance.now() - started).toBeLessThan(2_000)
  const wrong = { url: 'mongodb://ann:sec/ret@', appName: 'x', purpose: 'safety' } as const
  const error = await connectMongo(wrong).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(MongoUrlError)
  expect(String(error)).not.toMatch(/sec/)
})

test('on the safety path a silent server is given up within half a second, with an unknown outcome', async () => {
  await using server = await ownMongo()
  await using proxy = await startProxy(server.port)
  const url = `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`
  await using connection = await connectMongo({ url, appName: 'silent', purpose: 'safety' })
  const heads = connection.db('heed_silent').collection<{ _id: string; rev: number }>('heads')
  await heads.insertOne({ _id: 'a', rev: 1 })
  proxy.blackhole()
  const started = performance.now()
  const error = await heads
    .updateOne({ _id: 'a', rev: 1 }, { $inc: { rev: 1 } })
    .catch((thrown: unknown) => thrown)
  expect(performance.now() - started).toBeLessThan(900)
  expect(isUnknownOutcome(error)).toBe(true)
  await proxy.resume()
  await waitFor(async () => (await heads.findOne({ _id: 'a' }).catch(() => null))?.rev)
})

test('on the safety path a heartbeat that comes late, where the server is slow, ends no call and no connection', async () => {
  await using server = await ownMongo()
  await using proxy = await startProxy(server.port)
  const url = `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`
  await using connection = await connectMongo({ url, appName: 'slow', purpose: 'safety' })
  let cleared = 0
  let slowest = 0
  connection.client.on('connectionPoolCleared', () => cleared++)
  connection.client.on('serverHeartbeatSucceeded', ({ duration }) => {
    slowest = Math.max(slowest, duration)
  })
  proxy.delay(600)
  await waitFor(() => slowest > 1_000 || cleared > 0, { timeoutMs: 15_000 })
  expect(cleared).toBe(0)
})
