import { Binary, Decimal128, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf, type Row, type Server, startServer } from './harness.ts'

let server: Server
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

/** The `_id`s, which are the places in the list, of the documents that a filter finds. */
async function matches(docs: Row[], filter: Row, options: Record<string, unknown> = {}): Promise<unknown[]> {
  const collection = server.collection()
  await collection.insertMany(docs.map((doc, i) => ({ _id: i, ...doc })))
  return (await collection.find(filter, options).toArray()).map(({ _id }) => _id)
}

describe('filters', () => {
  test.each<[string, Row[], Row, number[]]>([
    [
      'numbers are equal by value across their types',
      [{ a: 1 }, { a: Long.fromNumber(1) }, { a: Decimal128.fromString('1.0') }, { a: '1' }],
      { a: 1 },
      [0, 1, 2],
    ],
    [
      'binaries are equal by their bytes and subtype',
      [
        { a: new Binary(Buffer.from('x')) },
        { a: new Binary(Buffer.from('y')) },
        { a: new Binary(Buffer.from('x'), 5) },
      ],
      { a: new Binary(Buffer.from('x')) },
      [0],
    ],
    [
      'documents are equal by the order of their fields',
      [{ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }],
      { a: { x: 1, y: 2 } },
      [0],
    ],
    ['null matches what is missing', [{ a: null }, {}, { a: 1 }, { a: [null] }], { a: null }, [0, 1, 3]],
    ['$gte null matches what is missing', [{ a: null }, {}, { a: 1 }], { a: { $gte: null } }, [0, 1]],
    ['$ne null leaves out what is missing', [{ a: null }, {}, { a: 1 }], { a: { $ne: null } }, [2]],
    [
      'null below an array without documents matches nothing',
      [{ a: [] }, { a: [{}] }, { a: 1 }, { a: [1] }],
      { 'a.b': null },
      [1, 2],
    ],
    [
      'comparison stays within a type',
      [{ a: 5 }, { a: '5' }, { a: null }, { a: new Date(5) }],
      { a: { $gt: 1 } },
      [0],
    ],
    [
      'MinKey and MaxKey compare with every type',
      [{ a: 1 }, { a: 'x' }, {}],
      { a: { $gt: new MinKey(), $lt: new MaxKey() } },
      [0, 1],
    ],
    ['NaN is no number above or below', [{ a: Number.NaN }, { a: -1 }], { a: { $lt: 0 } }, [1]],
    ['NaN equals itself', [{ a: Number.NaN }, { a: 1 }], { a: Number.NaN }, [0]],
    ['two bounds may be met by two elements', [{ a: [1, 9] }, { a: [1] }], { a: { $gt: 5, $lt: 3 } }, [0]],
    [
      '$elemMatch wants one element for both',
      [{ a: [1, 9] }, { a: [4] }],
      { a: { $elemMatch: { $gt: 3, $lt: 5 } } },
      [1],
    ],
    [
      'an array equals as a whole, and as an element',
      [{ a: [1, 2] }, { a: [[1, 2]] }, { a: [1] }],
      { a: [1, 2] },
      [0, 1],
    ],
    [
      'a path goes through arrays of documents',
      [{ a: [{ b: 1 }, { b: 2 }] }, { a: { b: 2 } }, { a: [2] }],
      { 'a.b': 2 },
      [0, 1],
    ],
    ['a path may name an element', [{ a: [1, 2] }, { a: [2, 1] }], { 'a.1': 2 }, [0]],
    [
      '$all with $elemMatch',
      [{ a: [{ x: 1 }, { x: 2 }] }, { a: [{ x: 1 }] }],
      { a: { $all: [{ $elemMatch: { x: 1 } }, { $elemMatch: { x: 2 } }] } },
      [0],
    ],
    ['$size', [{ a: [1, 2] }, { a: [1] }, { a: 2 }], { a: { $size: 2 } }, [0]],
    [
      '$exists false of a path through an array',
      [{ a: [{ b: 1 }] }, { a: [{}] }, {}],
      { 'a.b': { $exists: false } },
      [1, 2],
    ],
    [
      '$type knows objectId and binData',
      [{ a: new ObjectId() }, { a: new Binary(Buffer.from('x')) }, { a: 'x' }],
      { a: { $type: ['objectId', 'binData'] } },
      [0, 1],
    ],
    [
      '$type number is any number',
      [{ a: 1 }, { a: 1.5 }, { a: Long.ONE }, { a: 'x' }],
      { a: { $type: 'number' } },
      [0, 1, 2],
    ],
    [
      '$in with null and a regular expression',
      [{ a: 'abc' }, {}, { a: 'x' }],
      { a: { $in: [null, /^ab/] } },
      [0, 1],
    ],
    ['$nin', [{ a: 1 }, { a: 2 }, {}], { a: { $nin: [1] } }, [1, 2]],
    ['$not', [{ a: 1 }, { a: 9 }, {}], { a: { $not: { $gt: 5 } } }, [0, 2]],
    ['$nor', [{ a: 1 }, { a: 2 }], { $nor: [{ a: 1 }, { a: 3 }] }, [1]],
    ['$mod', [{ a: 4 }, { a: 5 }, { a: 4.5 }], { a: { $mod: [2, 0] } }, [0, 2]],
    ['$bitsAllSet', [{ a: 6 }, { a: 5 }], { a: { $bitsAllSet: [1, 2] } }, [0]],
    [
      '$expr compares fields',
      [
        { a: 1, b: 2 },
        { a: 3, b: 2 },
      ],
      { $expr: { $gt: ['$a', '$b'] } },
      [1],
    ],
    ['$regex with options', [{ a: 'ABC' }, { a: 'x' }], { a: { $regex: '^abc', $options: 'i' } }, [0]],
    [
      'long lists in $in',
      [{ a: 5 }, { a: 500 }],
      { a: { $in: Array.from({ length: 100 }, (_, i) => i) } },
      [0],
    ],
    [
      '$jsonSchema',
      [{ a: 1 }, { a: 'x' }, {}],
      { $jsonSchema: { required: ['a'], properties: { a: { bsonType: 'int', minimum: 1 } } } },
      [0],
    ],
  ])('%s', async (_, docs, filter, expected) => {
    expect(await matches(docs, filter)).toEqual(expected)
  })

  test.each<[string, Row, number]>([
    ['an unknown operator', { a: { $foo: 1 } }, 2],
    ['an unknown top-level operator', { $foo: 1 }, 2],
    ['$where', { $where: 'true' }, 2],
    ['$in without an array', { a: { $in: 1 } }, 2],
    ['$and without an array', { $and: 1 }, 2],
    ['an unknown expression', { $expr: { $foo: 1 } }, 168],
    ['an invalid regular expression', { a: { $regex: '(' } }, 51091],
  ])('refuse %s', async (_, filter, code) => {
    const collection = server.collection()
    await collection.insertOne({ a: 1 })
    expect((await errorOf(collection.find(filter).toArray())).code).toBe(code)
  })
})

describe('order', () => {
  test('goes across all types as the server goes', async () => {
    const values = [
      new MinKey(),
      null,
      -5,
      new Int32(0),
      Decimal128.fromString('0.5'),
      1,
      Long.fromNumber(2),
      'A',
      'a',
      {},
      { a: 1 },
      { b: 1 },
      new Binary(Buffer.from('a')),
      new Binary(Buffer.from('aa')),
      new ObjectId('000000000000000000000001'),
      false,
      true,
      new Date(-1),
      new Date(1),
      new Timestamp({ t: 1, i: 1 }),
      /a/,
      new MaxKey(),
    ]
    const collection = server.collection()
    await collection.insertMany(values.map((v, _id) => ({ _id, v })).sort(() => Math.random() - 0.5))
    const places = values.map((_, i) => i)
    expect((await collection.find().sort({ v: 1 }).toArray()).map(({ _id }) => _id)).toEqual(places)
    expect((await collection.find().sort({ v: -1 }).toArray()).map(({ _id }) => _id)).toEqual(
      places.toReversed(),
    )
    await collection.createIndex({ v: 1 })
    expect((await collection.find().sort({ v: 1 }).toArray()).map(({ _id }) => _id)).toEqual(places)
    await collection.createIndex({ v: -1 })
    expect((await collection.find().sort({ v: -1 }).hint({ v: -1 }).toArray()).map(({ _id }) => _id)).toEqual(
      places.toReversed(),
    )
  })

  test('of an array is its least element upwards and its greatest downwards', async () => {
    const docs = [{ a: [5, 1] }, { a: 3 }, { a: [4, 2] }, { a: [] }, {}]
    expect(await matches(docs, {}, { sort: { a: 1, _id: 1 } })).toEqual([3, 4, 0, 2, 1])
    expect(await matches(docs, {}, { sort: { a: -1, _id: 1 } })).toEqual([0, 2, 1, 4, 3])
  })

  test('with skip and limit takes the middle', async () => {
    const docs = Array.from({ length: 50 }, (_, i) => ({ a: (i * 7) % 50 }))
    const collection = server.collection()
    await collection.insertMany(docs)
    const found = await collection.find().sort({ a: -1 }).skip(10).limit(5).toArray()
    expect(found.map(({ a }) => a)).toEqual([39, 38, 37, 36, 35])
  })

  test('without a sort is the order of insertion, also after updates', async () => {
    const collection = server.collection()
    await collection.insertMany([{ _id: 3 }, { _id: 1 }, { _id: 2 }])
    await collection.updateOne({ _id: 3 }, { $set: { big: 'x'.repeat(5000) } })
    expect((await collection.find().toArray()).map(({ _id }) => _id)).toEqual([3, 1, 2])
  })

  test.each([
    [{ a: 2 }, 15975],
    [{ a: 'x' }, 15974],
  ])('refuses %o', async (sort, code) => {
    const collection = server.collection()
    await collection.insertOne({})
    expect((await errorOf(server.db.command({ find: collection.collectionName, sort }))).code).toBe(code)
  })
})

describe('collation', () => {
  const docs = [{ a: 'ping' }, { a: 'PING' }, { a: 'pïng' }]
  test.each([
    [3, [0]],
    [2, [0, 1]],
    [1, [0, 1, 2]],
  ])('of strength %i', async (strength, expected) => {
    expect(await matches(docs, { a: 'ping' }, { collation: { locale: 'en', strength } })).toEqual(expected)
  })

  test('orders numbers in text by value', async () => {
    const found = await matches(
      [{ a: '10' }, { a: '9' }],
      {},
      { sort: { a: 1 }, collation: { locale: 'en', numericOrdering: true } },
    )
    expect(found).toEqual([1, 0])
  })

  test('refuses a locale that is none', async () => {
    expect((await errorOf(matches(docs, {}, { collation: { locale: 'no such' } }))).code).toBe(2)
  })
})

test('count, distinct and estimates agree', async () => {
  const collection = server.collection()
  await collection.insertMany([{ a: [1, 2] }, { a: 2 }, { a: { b: 3 } }, {}])
  expect(await collection.distinct('a')).toEqual([1, 2, { b: 3 }])
  expect(await collection.distinct('a.b')).toEqual([3])
  expect(await collection.countDocuments({ a: 2 })).toBe(2)
  expect(await collection.estimatedDocumentCount()).toBe(4)
  expect(await collection.countDocuments({}, { skip: 1, limit: 2 })).toBe(2)
})
