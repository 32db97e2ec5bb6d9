import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf, type Row, type Server, startServer } from './harness.ts'

let server: Server
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

type Update = Row | Row[]

async function updated(
  before: Row,
  update: Update,
  options: Record<string, unknown> = {},
  filter: Row = {},
): Promise<Row | null> {
  const collection = server.collection()
  await collection.insertOne({ _id: 1, ...before })
  await collection.updateOne(filter, update, options)
  return collection.findOne({ _id: 1 }, { projection: { _id: 0 } })
}

async function refused(before: Row, update: Update, options: Record<string, unknown> = {}, filter: Row = {}) {
  const collection = server.collection()
  await collection.insertOne({ _id: 1, ...before })
  const error = await errorOf(collection.updateOne(filter, update, options))
  expect(await collection.findOne({ _id: 1 })).toEqual({ _id: 1, ...before })
  return error
}

describe('upserts', () => {
  test('take the equalities of their filter, $setOnInsert and a new _id in first place', async () => {
    const collection = server.collection()
    const filter = { x: 1, 'y.z': { $eq: 2 }, w: { $gt: 3 }, $and: [{ v: 4 }], u: { $in: [5] } }
    const { upsertedId } = await collection.updateOne(
      filter,
      { $set: { s: 1 }, $setOnInsert: { t: 2 } },
      { upsert: true },
    )
    const found = (await collection.findOne()) as Row
    expect(found).toEqual({ _id: upsertedId, x: 1, y: { z: 2 }, v: 4, u: 5, s: 1, t: 2 })
    expect(Object.keys(found)[0]).toBe('_id')
  })

  test('$setOnInsert does nothing to what is there', async () => {
    expect(await updated({ a: 1 }, { $setOnInsert: { a: 2, b: 3 } }, { upsert: true })).toEqual({ a: 1 })
  })

  test('by replacement take only the _id of their filter', async () => {
    const collection = server.collection()
    await collection.replaceOne({ _id: 7, x: 1 }, { y: 2 }, { upsert: true })
    expect(await collection.find().toArray()).toEqual([{ _id: 7, y: 2 }])
  })

  test('do not insert twice what a unique index holds', async () => {
    const collection = server.collection()
    await collection.createIndex({ k: 1 }, { unique: true })
    await collection.insertOne({ k: 1, state: 'taken' })
    const error = await errorOf(
      collection.updateOne({ k: 1, state: 'free' }, { $set: { state: 'mine' } }, { upsert: true }),
    )
    expect(error).toMatchObject({ code: 11000, keyPattern: { k: 1 }, keyValue: { k: 1 } })
  })
})

describe('updates by pipeline', () => {
  test('set dotted keys, keep the _id, and see the values before', async () => {
    const pipeline = [{ $set: { 'a.b': { $add: ['$a.b', '$c'] }, d: '$$ROOT.c' } }, { $unset: ['c'] }]
    expect(await updated({ a: { b: 1, x: 0 }, c: 5 }, pipeline)).toEqual({ a: { b: 6, x: 0 }, d: 5 })
  })

  test('$$NOW is one instant of the server', async () => {
    const found = await updated({}, [{ $set: { a: '$$NOW', b: '$$NOW' } }])
    expect(found?.a).toBeInstanceOf(Date)
    expect(found?.a).toEqual(found?.b)
  })

  test('refuse stages that are not for updates', async () => {
    expect((await refused({}, [{ $match: {} }])).code).toBe(72)
    expect((await refused({}, [{ $foo: {} }])).code).toBe(40324)
  })
})

test('a replacement drops the fields of before', async () => {
  const collection = server.collection()
  await collection.insertOne({ _id: 1, a: 1, b: 2 })
  await collection.replaceOne({ _id: 1 }, { c: 3 })
  expect(await collection.findOne()).toEqual({ _id: 1, c: 3 })
})
