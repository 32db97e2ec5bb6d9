import type { Document } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf, eventually, type Row, type Server, startServer } from './harness.ts'

let server: Server
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

type Collection = ReturnType<Server['collection']>

function stages(plan: Document | undefined): string[] {
  return plan ? [plan.stage, ...stages(plan.inputStage)] : []
}

async function explained(collection: Collection, filter: Row, options: Document = {}) {
  const plan = await server.db.command({
    explain: { find: collection.collectionName, filter, ...options },
    verbosity: 'executionStats',
  })
  const { nReturned, totalKeysExamined, totalDocsExamined } = plan.executionStats
  return { stages: stages(plan.queryPlanner.winningPlan), nReturned, totalKeysExamined, totalDocsExamined }
}

describe('unique indexes', () => {
  test('tell the key and its value', async () => {
    const collection = server.collection('pairs')
    await collection.createIndex({ a: 1, 'b.c': -1 }, { unique: true, name: 'pair' })
    await collection.insertOne({ a: 1, b: { c: 'x' } })
    const error = await errorOf(collection.insertOne({ a: 1, b: { c: 'x' } }))
    expect(error).toMatchObject({
      code: 11000,
      keyPattern: { a: 1, 'b.c': -1 },
      keyValue: { a: 1, 'b.c': 'x' },
    })
    expect(error.message).toContain(
      'E11000 duplicate key error collection: test.pairs index: pair dup key: { a: 1, b.c: "x" }',
    )
  })

  test('hold one null for all that lack the field', async () => {
    const collection = server.collection()
    await collection.createIndex({ a: 1 }, { unique: true })
    await collection.insertOne({})
    expect((await errorOf(collection.insertOne({ a: null }))).code).toBe(11000)
  })

  test('count the elements of arrays, but not twice in one document', async () => {
    const collection = server.collection()
    await collection.createIndex({ a: 1 }, { unique: true })
    await collection.insertOne({ a: [1, 1, 2] })
    expect((await errorOf(collection.insertOne({ a: [3, 2] }))).code).toBe(11000)
  })

  test('hold under updates, and a refused one changes nothing', async () => {
    const collection = server.collection()
    await collection.createIndex({ a: 1 }, { unique: true })
    await collection.insertMany([
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ])
    expect((await errorOf(collection.updateOne({ _id: 2 }, { $set: { a: 1, b: 1 } }))).code).toBe(11000)
    expect(await collection.findOne({ _id: 2 })).toEqual({ _id: 2, a: 2 })
    await collection.updateOne({ _id: 1 }, { $set: { a: 3 } })
    await collection.updateOne({ _id: 2 }, { $set: { a: 1 } })
  })

  test('are not made over duplicates', async () => {
    const collection = server.collection()
    await collection.insertMany([{ a: 1 }, { a: 1 }])
    expect((await errorOf(collection.createIndex({ a: 1 }, { unique: true }))).code).toBe(11000)
    expect(await collection.indexes()).toHaveLength(1)
  })

  test('that are partial hold only where their filter does', async () => {
    const collection = server.collection()
    await collection.createIndex({ a: 1 }, { unique: true, partialFilterExpression: { open: true } })
    await collection.insertMany([{ a: 1 }, { a: 1 }, { a: 1, open: true }])
    expect((await errorOf(collection.insertOne({ a: 1, open: true }))).code).toBe(11000)
    expect(await collection.countDocuments({ a: 1 })).toBe(3)
    expect((await explained(collection, { a: 1, open: true })).totalDocsExamined).toBe(1)
    await collection.updateOne({ a: 1, open: true }, { $set: { open: false } })
    await collection.insertOne({ a: 1, open: true })
  })

  test('that are sparse leave out what lacks the field, and no search relies on them for it', async () => {
    const collection = server.collection()
    await collection.createIndex({ a: 1 }, { unique: true, sparse: true })
    await collection.insertMany([{}, {}, { a: 1 }])
    expect(await collection.countDocuments({ a: null })).toBe(2)
    expect(await collection.find().sort({ a: 1 }).toArray()).toHaveLength(3)
  })
})

describe('TTL indexes', () => {
  test('remove what has expired, and only dates', async () => {
    const collection = server.collection()
    await collection.createIndex({ at: 1 }, { expireAfterSeconds: 60 })
    await collection.insertMany([
      { _id: 1, at: new Date(Date.now() - 61_000) },
      { _id: 2, at: new Date() },
      { _id: 3, at: 'text' },
      { _id: 4 },
      { _id: 5, at: [new Date(0), new Date()] },
    ])
    await eventually(async () => (await collection.countDocuments()) === 3)
    expect(await collection.distinct('_id')).toEqual([2, 3, 4])
  })

  test('obey a partial filter and a changed time', async () => {
    const collection = server.collection()
    await collection.createIndex(
      { at: 1 },
      { expireAfterSeconds: 3600, partialFilterExpression: { gone: true }, name: 'ttl' },
    )
    await collection.insertMany([
      { _id: 1, at: new Date(Date.now() - 10_000), gone: true },
      { _id: 2, at: new Date(0) },
    ])
    const changed = await server.db.command({
      collMod: collection.collectionName,
      index: { name: 'ttl', expireAfterSeconds: 5 },
    })
    expect(changed).toMatchObject({ expireAfterSeconds_old: 3600, expireAfterSeconds_new: 5 })
    await eventually(async () => (await collection.countDocuments()) === 1)
    expect(await collection.findOne()).toMatchObject({ _id: 2 })
  })
})

describe('the making of indexes', () => {
  test('is idempotent, and refuses another under the same name or key', async () => {
    const collection = server.collection()
    await collection.createIndex({ a: 1 })
    await collection.createIndex({ a: 1 })
    expect(await collection.indexes()).toHaveLength(2)
    expect((await errorOf(collection.createIndex({ a: 1 }, { unique: true }))).code).toBe(86)
    expect((await errorOf(collection.createIndex({ a: 1 }, { name: 'other' }))).code).toBe(85)
  })

  test.each<[Row, Row, number]>([
    [{ a: 0 }, {}, 67],
    [{ a: 'text' }, {}, 67],
    [{ a: '2dsphere' }, {}, 67],
    [{ a: 1 }, { expireAfterSeconds: -1 }, 67],
    [{ a: 1, b: 1 }, { expireAfterSeconds: 1 }, 67],
    [{ a: 1 }, { sparse: true, partialFilterExpression: { a: 1 } }, 67],
  ])('refuses %o with %o', async (key, options, code) => {
    expect(
      (
        await errorOf(
          server.db.command({ createIndexes: 'refused', indexes: [{ key, name: 'x', ...options }] }),
        )
      ).code,
    ).toBe(code)
  })

  test('drops by name and by key, never the one of _id', async () => {
    const collection = server.collection()
    await collection.createIndexes([{ key: { a: 1 } }, { key: { b: 1 } }, { key: { c: 1 } }])
    await collection.dropIndex('a_1')
    await server.db.command({ dropIndexes: collection.collectionName, index: { b: 1 } })
    expect((await collection.indexes()).map(({ name }) => name)).toEqual(['_id_', 'c_1'])
    expect((await errorOf(collection.dropIndex('a_1'))).code).toBe(27)
    expect((await errorOf(collection.dropIndex('_id_'))).code).toBe(72)
  })

  test('two arrays cannot be indexed together', async () => {
    const collection = server.collection()
    await collection.createIndex({ a: 1, b: 1 })
    expect((await errorOf(collection.insertOne({ a: [1], b: [2] }))).code).toBe(171)
  })
})
