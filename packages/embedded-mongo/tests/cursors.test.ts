import { Long } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf, type Server, startServer } from './harness.ts'
import { rawConnection } from './raw-connection.ts'

let server: Server
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

describe('cursors', () => {
  beforeAll(() =>
    server
      .collection('many')
      .insertMany(Array.from({ length: 500 }, (_, i) => ({ _id: i, filler: 'x'.repeat(100_000) }))),
  )

  test('batches stay below 16 MB', async () => {
    using raw = await rawConnection(server.port)
    const { cursor } = await raw.command({ find: 'many', batchSize: 500 })
    expect(cursor.firstBatch.length).toBeGreaterThan(100)
    expect(cursor.firstBatch.length).toBeLessThan(168)
    let total = cursor.firstBatch.length
    for (let id = cursor.id; !Long.fromValue(id).isZero(); ) {
      const next = await raw.command({ getMore: Long.fromValue(id), collection: 'many' })
      total += next.cursor.nextBatch.length
      id = next.cursor.id
    }
    expect(total).toBe(500)
  })

  test('first batches have 101 documents, or none if so asked', async () => {
    using raw = await rawConnection(server.port)
    const projection = { _id: 1 }
    expect((await raw.command({ find: 'many', projection })).cursor.firstBatch).toHaveLength(101)
    const { cursor } = await raw.command({ find: 'many', projection, batchSize: 0 })
    expect(cursor.firstBatch).toEqual([])
    expect(await raw.command({ getMore: Long.fromValue(cursor.id), collection: 'other' })).toMatchObject({
      code: 13,
    })
    expect(
      (await raw.command({ getMore: Long.fromValue(cursor.id), collection: 'many', batchSize: 3 })).cursor
        .nextBatch,
    ).toHaveLength(3)
    expect(
      await raw.command({ killCursors: 'many', cursors: [Long.fromValue(cursor.id), Long.fromNumber(7)] }),
    ).toMatchObject({ cursorsNotFound: [7] })
    expect(await raw.command({ getMore: Long.fromValue(cursor.id), collection: 'many' })).toMatchObject({
      code: 43,
      codeName: 'CursorNotFound',
    })
    expect(
      (await raw.command({ find: 'many', projection, batchSize: 2, singleBatch: true })).cursor,
    ).toMatchObject({ id: 0 })
  })

  test('see each document once while others are written and removed', async () => {
    const collection = server.collection()
    await collection.insertMany(Array.from({ length: 1000 }, (_, i) => ({ _id: i, n: i })))
    await collection.createIndex({ n: 1 })
    const seen: unknown[] = []
    for await (const { _id } of collection.find({ n: { $gte: 0 } }, { batchSize: 50 })) {
      seen.push(_id)
      if (seen.length % 50 === 0) await collection.deleteOne({ _id: 999 - seen.length / 50 })
      if (seen.length % 50 === 25)
        await collection.updateOne({ _id: seen.length }, { $set: { big: 'x'.repeat(1000) } })
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBeGreaterThanOrEqual(980)
  })

  test('maxTimeMS ends a long search', async () => {
    const filter = { $expr: { $gt: [{ $size: { $range: [0, 100_000] } }, 200_000] } }
    expect((await errorOf(server.collection('many').find(filter, { maxTimeMS: 5 }).toArray())).code).toBe(50)
  })
})
