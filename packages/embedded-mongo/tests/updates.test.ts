import { Decimal128, Double, Int32, Long, Timestamp } from 'mongodb'
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

describe('operators', () => {
  test.each<[string, Row, Update, Row]>([
    ['$inc makes a missing field', {}, { $inc: { a: 2 } }, { a: 2 }],
    ['$inc reaches into documents that it makes', {}, { $inc: { 'a.b': 2 } }, { a: { b: 2 } }],
    ['$mul of a missing field is zero', {}, { $mul: { a: 5 } }, { a: 0 }],
    ['$min takes the lesser by the order of types', { a: 'x' }, { $min: { a: 3 } }, { a: 3 }],
    ['$max leaves what is greater', { a: 9 }, { $max: { a: 3 } }, { a: 9 }],
    ['$unset of an element leaves null', { a: [1, 2, 3] }, { $unset: { 'a.1': '' } }, { a: [1, null, 3] }],
    ['$unset of what is missing changes nothing', { a: 1 }, { $unset: { b: '', 'a.c': '' } }, { a: 1 }],
    ['$rename moves a value', { a: 1, b: 2 }, { $rename: { a: 'c' } }, { b: 2, c: 1 }],
    ['$rename of a missing field leaves the target', { c: 1 }, { $rename: { a: 'c' } }, { c: 1 }],
    [
      '$set beyond the end of an array fills with null',
      { a: [1] },
      { $set: { 'a.3': 4 } },
      { a: [1, null, null, 4] },
    ],
    [
      '$push with $slice on a missing field slices',
      {},
      { $push: { a: { $each: [1, 2, 3], $slice: -2 } } },
      { a: [2, 3] },
    ],
    [
      '$push sorts by all keys',
      { a: [] },
      {
        $push: {
          a: {
            $each: [
              { x: 1, y: 2 },
              { x: 1, y: 1 },
              { x: 0, y: 9 },
            ],
            $sort: { x: 1, y: 1 },
          },
        },
      },
      {
        a: [
          { x: 0, y: 9 },
          { x: 1, y: 1 },
          { x: 1, y: 2 },
        ],
      },
    ],
    [
      '$push puts at a position',
      { a: [1, 4] },
      { $push: { a: { $each: [2, 3], $position: 1 } } },
      { a: [1, 2, 3, 4] },
    ],
    [
      '$push at a negative position counts from the end',
      { a: [1, 2] },
      { $push: { a: { $each: [9], $position: -1 } } },
      { a: [1, 9, 2] },
    ],
    ['$addToSet adds each once', { a: [1] }, { $addToSet: { a: { $each: [1, 2, 2] } } }, { a: [1, 2] }],
    [
      '$addToSet knows equal documents by their order of fields',
      { a: [{ x: 1, y: 2 }] },
      { $addToSet: { a: { y: 2, x: 1 } } },
      {
        a: [
          { x: 1, y: 2 },
          { y: 2, x: 1 },
        ],
      },
    ],
    ['$pull takes elements by condition', { a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } }, { a: [1] }],
    [
      '$pull takes documents by filter',
      {
        a: [
          { x: 1, y: 1 },
          { x: 2, y: 1 },
        ],
      },
      { $pull: { a: { x: 1 } } },
      { a: [{ x: 2, y: 1 }] },
    ],
    ['$pullAll takes listed values', { a: [1, 2, 3, 2] }, { $pullAll: { a: [2, 3] } }, { a: [1] }],
    ['$pop takes the first', { a: [1, 2, 3] }, { $pop: { a: -1 } }, { a: [2, 3] }],
    ['$bit combines', { a: new Int32(13) }, { $bit: { a: { and: new Int32(10) } } }, { a: 8 }],
    [
      'new fields come in the order of their names',
      {},
      { $set: { b: 1, a: 2, '10': 3, '9': 4 } },
      { 9: 4, 10: 3, a: 2, b: 1 },
    ],
  ])('%s', async (_, before, update, after) => {
    expect(await updated(before, update)).toEqual(after)
  })

  test('$set of the same _id is no change and no error', async () => {
    expect(await updated({ a: 1 }, { $set: { _id: 1, a: 2 } as Row })).toEqual({ a: 2 })
  })

  test('$inc keeps a long exact beyond 2^53', async () => {
    const collection = server.db.collection<Row>('longs')
    await collection.insertOne({ _id: 1, a: Long.fromString('9007199254740993') })
    await collection.updateOne({ _id: 1 }, { $inc: { a: 2 } })
    const found = await collection.findOne({ _id: 1 }, { promoteLongs: false })
    expect(String(found?.a)).toBe('9007199254740995')
  })

  test('$inc of an int beyond its range becomes a long', async () => {
    const collection = server.collection()
    await collection.insertOne({ _id: 1, a: new Int32(2147483647) })
    await collection.updateOne({ _id: 1 }, { $inc: { a: 1 } })
    expect(await collection.countDocuments({ a: { $type: 'long' } })).toBe(1)
  })

  test('$inc of decimals is exact', async () => {
    const collection = server.collection()
    await collection.insertOne({ _id: 1, a: Decimal128.fromString('0.1') })
    await collection.updateOne({ _id: 1 }, { $inc: { a: Decimal128.fromString('0.2') } })
    expect(String((await collection.findOne({ _id: 1 }))?.a)).toBe('0.3')
  })

  test('$currentDate gives the type asked for', async () => {
    const found = await updated({}, { $currentDate: { a: true, b: { $type: 'timestamp' } } })
    expect(found?.a).toBeInstanceOf(Date)
    expect(found?.b).toBeInstanceOf(Timestamp)
  })

  test('an update that changes nothing says so', async () => {
    const collection = server.collection()
    await collection.insertOne({ _id: 1, a: 1 })
    expect(await collection.updateOne({ _id: 1 }, { $set: { a: 1 } })).toMatchObject({
      matchedCount: 1,
      modifiedCount: 0,
    })
    expect(await collection.updateOne({ _id: 1 }, { $set: { a: new Double(1) } })).toMatchObject({
      matchedCount: 1,
      modifiedCount: 1,
    })
  })
})

describe('what the server refuses', () => {
  test.each<[string, Row, Update, number]>([
    ['$inc of text', { a: 'x' }, { $inc: { a: 1 } }, 14],
    ['$inc of null', { a: null }, { $inc: { a: 1 } }, 14],
    ['$inc by text', {}, { $inc: { a: 'x' } }, 14],
    ['$inc over the range of longs', { a: Long.MAX_VALUE }, { $inc: { a: new Long(1) } }, 2],
    ['$push to a scalar', { a: 1 }, { $push: { a: 1 } }, 2],
    ['$addToSet to a scalar', { a: 1 }, { $addToSet: { a: 1 } }, 2],
    ['$pull from a scalar', { a: 1 }, { $pull: { a: 1 } }, 2],
    ['$pop of a scalar', { a: 1 }, { $pop: { a: 1 } }, 14],
    ['$set through a scalar', { a: 1 }, { $set: { 'a.b': 1 } }, 28],
    ['$set through null', { a: null }, { $set: { 'a.b': 1 } }, 28],
    ['another _id', {}, { $set: { _id: 2 } as Row }, 66],
    ['two operators on one path', {}, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
    ['a path and what is below it', {}, { $set: { a: 1, 'a.b': 1 } }, 40],
    ['an unknown operator', {}, { $foo: { a: 1 } }, 9],
    ['an operator without a document', {}, { $set: 1 }, 9],
    ['an empty path', {}, { $set: { '': 1 } }, 56],
    ['a field that begins with a dollar', {}, { $set: { $a: 1 } }, 52],
    ['a positional part without a match', { a: [1] }, { $set: { 'a.$': 1 } }, 2],
    ['an identifier without its filter', { a: [1] }, { $set: { 'a.$[x]': 1 } }, 2],
    ['$[] on what is no array', { a: 1 }, { $set: { 'a.$[]': 1 } }, 2],
  ])('%s', async (_, before, update, code) => {
    expect((await refused(before, update)).code).toBe(code)
  })

  test('an array filter that no path uses', async () => {
    expect((await refused({ a: [1] }, { $set: { b: 1 } }, { arrayFilters: [{ x: 1 }] })).code).toBe(9)
  })

  test('a replacement with another _id', async () => {
    const collection = server.collection()
    await collection.insertOne({ _id: 1, a: 1 })
    expect((await errorOf(collection.replaceOne({ a: 1 }, { _id: 2 }))).code).toBe(66)
  })

  test('many documents by replacement', async () => {
    const reply = await server.db.command({ update: 'x', updates: [{ q: {}, u: { a: 1 }, multi: true }] })
    expect(reply.writeErrors).toMatchObject([{ index: 0, code: 9 }])
  })
})

describe('positions in arrays', () => {
  test('$ is the element that the filter matched', async () => {
    expect(await updated({ a: [1, 5, 9] }, { $set: { 'a.$': 0 } }, {}, { a: { $gte: 5 } })).toEqual({
      a: [1, 0, 9],
    })
  })

  test('$ works under $and and $elemMatch', async () => {
    const filter = { $and: [{ _id: 1 }, { a: { $elemMatch: { x: 2, y: { $gt: 1 } } } }] }
    expect(
      await updated(
        {
          a: [
            { x: 2, y: 1 },
            { x: 2, y: 2 },
          ],
        },
        { $set: { 'a.$.z': 1 } },
        {},
        filter,
      ),
    ).toEqual({
      a: [
        { x: 2, y: 1 },
        { x: 2, y: 2, z: 1 },
      ],
    })
  })

  test('$[] and $[identifier] reach every element that they name', async () => {
    const update = { $inc: { 'a.$[].n': 1, 'b.$[big].v.$[]': 10 } }
    const before = {
      a: [{ n: 1 }, { n: 2 }],
      b: [
        { k: 1, v: [1] },
        { k: 9, v: [1, 2] },
      ],
    }
    expect(await updated(before, update, { arrayFilters: [{ 'big.k': { $gt: 5 } }] })).toEqual({
      a: [{ n: 2 }, { n: 3 }],
      b: [
        { k: 1, v: [1] },
        { k: 9, v: [11, 12] },
      ],
    })
  })
})
