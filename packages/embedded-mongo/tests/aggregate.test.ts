import type { Document } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf, type Row, type Server, startServer } from './harness.ts'

let server: Server
beforeAll(async () => {
  server = await startServer()
  await server.collection('sales').insertMany([
    { _id: 1, who: 'a', n: 2, tags: ['x', 'y'], at: new Date('2024-03-10T10:00:00Z') },
    { _id: 2, who: 'b', n: 3, tags: ['y'], at: new Date('2024-03-11T23:30:00Z') },
    { _id: 3, who: 'a', n: 5, tags: [], at: new Date('2024-12-31T12:00:00Z') },
    { _id: 4, who: 'c', n: null, at: new Date('2025-01-01T00:00:00Z') },
  ])
  await server.collection('people').insertMany([
    { _id: 'a', name: 'Ada' },
    { _id: 'b', name: 'Bob' },
  ])
})
afterAll(() => server[Symbol.asyncDispose]())

const run = (pipeline: Document[], name = 'sales'): Promise<Document[]> =>
  server.collection(name).aggregate(pipeline).toArray()

describe('stages', () => {
  test.each<[string, Document[], Document[]]>([
    [
      '$group with accumulators',
      [
        {
          $group: {
            _id: '$who',
            sum: { $sum: '$n' },
            avg: { $avg: '$n' },
            first: { $first: '$_id' },
            all: { $push: '$n' },
            max: { $max: '$n' },
          },
        },
        { $sort: { _id: 1 } },
      ],
      [
        { _id: 'a', sum: 7, avg: 3.5, first: 1, all: [2, 5], max: 5 },
        { _id: 'b', sum: 3, avg: 3, first: 2, all: [3], max: 3 },
        { _id: 'c', sum: 0, avg: null, first: 4, all: [null], max: null },
      ],
    ],
    [
      '$group by a document',
      [{ $group: { _id: { w: '$who' }, c: { $count: {} } } }, { $sort: { '_id.w': 1 } }, { $limit: 1 }],
      [{ _id: { w: 'a' }, c: 2 }],
    ],
    ['$count of nothing gives nothing', [{ $match: { n: 99 } }, { $count: 'c' }], []],
    ['$count', [{ $match: { who: 'a' } }, { $count: 'c' }], [{ c: 2 }]],
    [
      '$unwind',
      [{ $unwind: '$tags' }, { $project: { tags: 1 } }],
      [
        { _id: 1, tags: 'x' },
        { _id: 1, tags: 'y' },
        { _id: 2, tags: 'y' },
      ],
    ],
    [
      '$unwind that keeps',
      [
        { $unwind: { path: '$tags', preserveNullAndEmptyArrays: true, includeArrayIndex: 'i' } },
        { $match: { _id: { $gte: 3 } } },
        { $project: { tags: 1, i: 1 } },
      ],
      [
        { _id: 3, i: null },
        { _id: 4, i: null },
      ],
    ],
    [
      '$lookup by fields',
      [
        { $match: { _id: { $ne: 3 } } },
        { $lookup: { from: 'people', localField: 'who', foreignField: '_id', as: 'p' } },
        { $project: { p: 1 } },
      ],
      [
        { _id: 1, p: [{ _id: 'a', name: 'Ada' }] },
        { _id: 2, p: [{ _id: 'b', name: 'Bob' }] },
        { _id: 4, p: [] },
      ],
    ],
    [
      '$lookup by pipeline',
      [
        { $limit: 1 },
        {
          $lookup: {
            from: 'people',
            let: { w: '$who' },
            pipeline: [{ $match: { $expr: { $ne: ['$_id', '$$w'] } } }, { $project: { name: 1, _id: 0 } }],
            as: 'others',
          },
        },
        { $project: { others: 1 } },
      ],
      [{ _id: 1, others: [{ name: 'Bob' }] }],
    ],
    [
      '$facet',
      [
        {
          $facet: {
            a: [{ $match: { who: 'a' } }, { $count: 'c' }],
            b: [{ $limit: 1 }, { $project: { _id: 1 } }],
          },
        },
      ],
      [{ a: [{ c: 2 }], b: [{ _id: 1 }] }],
    ],
    ['$replaceRoot', [{ $limit: 1 }, { $replaceRoot: { newRoot: { k: '$who' } } }], [{ k: 'a' }]],
    ['$sortByCount', [{ $sortByCount: '$who' }, { $limit: 1 }], [{ _id: 'a', count: 2 }]],
    [
      '$bucket',
      [
        { $match: { n: { $ne: null } } },
        { $bucket: { groupBy: '$n', boundaries: [0, 3, 10], output: { ids: { $push: '$_id' } } } },
      ],
      [
        { _id: 0, ids: [1] },
        { _id: 3, ids: [2, 3] },
      ],
    ],
    [
      '$unionWith',
      [
        { $limit: 1 },
        { $project: { _id: 1 } },
        { $unionWith: { coll: 'people', pipeline: [{ $project: { _id: 1 } }] } },
      ],
      [{ _id: 1 }, { _id: 'a' }, { _id: 'b' }],
    ],
    [
      '$addFields into documents',
      [{ $limit: 1 }, { $addFields: { 'x.y': '$n', z: { $size: '$tags' } } }, { $project: { x: 1, z: 1 } }],
      [{ _id: 1, x: { y: 2 }, z: 2 }],
    ],
    [
      '$sort then $skip and $limit',
      [{ $sort: { n: -1, _id: 1 } }, { $skip: 1 }, { $limit: 2 }, { $project: { n: 1 } }],
      [
        { _id: 2, n: 3 },
        { _id: 1, n: 2 },
      ],
    ],
  ])('%s', async (_, pipeline, expected) => {
    expect(await run(pipeline)).toEqual(expected)
  })

  test('$out replaces a collection and keeps its indexes; a failure leaves it', async () => {
    const target = server.collection('target')
    await target.createIndex({ who: 1 }, { unique: true })
    await target.insertOne({ who: 'z' })
    expect((await errorOf(run([{ $project: { who: 1 } }, { $out: 'target' }]))).code).toBe(11000)
    expect(await target.countDocuments()).toBe(1)
    await run([{ $match: { _id: { $lte: 2 } } }, { $project: { who: 1 } }, { $out: 'target' }])
    expect(await target.find().toArray()).toEqual([
      { _id: 1, who: 'a' },
      { _id: 2, who: 'b' },
    ])
    expect(await target.indexes()).toHaveLength(2)
  })

  test('$merge inserts, merges, and runs a pipeline', async () => {
    const target = server.collection('merged')
    await target.insertOne({ _id: 1, kept: true, n: 100 } as Row)
    await run([{ $match: { _id: { $lte: 2 } } }, { $project: { n: 1 } }, { $merge: 'merged' }])
    expect(await target.find().toArray()).toEqual([
      { _id: 1, kept: true, n: 2 },
      { _id: 2, n: 3 },
    ])
    await run([
      { $match: { _id: 1 } },
      { $project: { n: 1 } },
      {
        $merge: {
          into: 'merged',
          whenMatched: [{ $set: { n: { $add: ['$n', '$$new.n'] } } }],
          whenNotMatched: 'discard',
        },
      },
    ])
    expect(await target.findOne({ _id: 1 })).toEqual({ _id: 1, kept: true, n: 4 })
  })

  test('views are read as collections and not written', async () => {
    await server.db.createCollection('ofA', { viewOn: 'sales', pipeline: [{ $match: { who: 'a' } }] })
    const view = server.collection('ofA')
    expect(await view.find({ n: { $gt: 2 } }).toArray()).toMatchObject([{ _id: 3 }])
    expect(await view.countDocuments()).toBe(2)
    expect(await view.estimatedDocumentCount()).toBe(2)
    expect((await errorOf(view.insertOne({ a: 1 }))).code).toBe(166)
  })
})

describe('expressions', () => {
  const at = new Date('2024-03-10T10:20:30.456Z')
  test.each<[unknown, unknown]>([
    [{ $add: [1, 2.5] }, 3.5],
    [{ $subtract: [at, 1000] }, new Date(at.getTime() - 1000)],
    [{ $divide: [7, 2] }, 3.5],
    [{ $mod: [-7, 3] }, -1],
    [{ $round: [2.5] }, 2],
    [{ $round: [1234.567, 1] }, 1234.6],
    [{ $trunc: [-2.7] }, -2],
    [{ $cond: [{ $gt: [2, 1] }, 'y', 'n'] }, 'y'],
    [{ $ifNull: ['$none', null, 'z'] }, 'z'],
    // biome-ignore lint/suspicious/noThenProperty: the operator's own field
    [{ $switch: { branches: [{ case: false, then: 1 }], default: 2 } }, 2],
    [{ $concat: ['a', 'b', null] }, null],
    [{ $toUpper: 'ab' }, 'AB'],
    [{ $substrCP: ['héllo', 1, 3] }, 'éll'],
    [{ $split: ['a-b', '-'] }, ['a', 'b']],
    [{ $trim: { input: '  x ' } }, 'x'],
    [{ $regexFind: { input: 'abc', regex: 'b(c)' } }, { match: 'bc', idx: 1, captures: ['c'] }],
    [{ $replaceAll: { input: 'aXbX', find: 'X', replacement: '-' } }, 'a-b-'],
    [{ $map: { input: [1, 2], as: 'v', in: { $multiply: ['$$v', 2] } } }, [2, 4]],
    [{ $filter: { input: [1, 2, 3], cond: { $gt: ['$$this', 1] } } }, [2, 3]],
    [{ $reduce: { input: [1, 2, 3], initialValue: 0, in: { $add: ['$$value', '$$this'] } } }, 6],
    [{ $slice: [[1, 2, 3], -2] }, [2, 3]],
    [{ $arrayElemAt: [[1, 2], -1] }, 2],
    [{ $in: [2, [1, 2]] }, true],
    [
      {
        $setUnion: [
          [1, 2],
          [2, 3],
        ],
      },
      [1, 2, 3],
    ],
    [{ $sortArray: { input: [3, 1, 2], sortBy: -1 } }, [3, 2, 1]],
    [{ $arrayToObject: [[['a', 1]]] }, { a: 1 }],
    [{ $mergeObjects: [{ a: 1 }, { b: 2 }] }, { a: 1, b: 2 }],
    [{ $type: { $literal: 1 } }, 'int'],
    [{ $toInt: '42' }, 42],
    [{ $toString: 1.5 }, '1.5'],
    [{ $convert: { input: 'x', to: 'int', onError: 'bad' } }, 'bad'],
    [{ $dateToString: { date: at, format: '%Y-%m-%d %H:%M:%S.%L' } }, '2024-03-10 10:20:30.456'],
    [{ $dateToString: { date: at, timezone: 'America/New_York', format: '%H:%M %z' } }, '06:20 -0400'],
    [{ $dateTrunc: { date: at, unit: 'hour' } }, new Date('2024-03-10T10:00:00Z')],
    [{ $dateDiff: { startDate: at, endDate: new Date('2024-05-01'), unit: 'month' } }, 2],
    [{ $dateAdd: { startDate: new Date('2024-01-31'), unit: 'month', amount: 1 } }, new Date('2024-02-29')],
    [{ $dateFromString: { dateString: '2024-03-10T10:20:30.456Z' } }, at],
    [{ $isoWeek: new Date('2024-12-31') }, 1],
    [{ $let: { vars: { x: 2 }, in: { $pow: ['$$x', 3] } } }, 8],
    [{ $sum: [1, 'x', 2] }, 3],
    [{ $eq: [1, { $literal: 1 }] }, true],
    [
      {
        $getField: {
          field: { $literal: 'a.b' },
          input: { $setField: { field: 'a.b', input: {}, value: 7 } },
        },
      },
      7,
    ],
  ])('%o', async (expression, expected) => {
    const [found] = await server.db
      .aggregate([{ $documents: [{}] }, { $project: { v: expression } }])
      .toArray()
    expect(found?.v).toEqual(expected)
  })

  test.each<[unknown, number]>([
    [{ $divide: [1, 0] }, 2],
    [{ $add: ['x', 1] }, 14],
    [{ $toInt: 'x' }, 241],
    [{ $arrayElemAt: [1, 0] }, 28689],
    ['$$nothing', 17276],
    [{ $add: 1, $subtract: 2 }, 15983],
  ])('%o is refused', async (expression, code) => {
    expect(
      (await errorOf(server.db.aggregate([{ $documents: [{}] }, { $project: { v: expression } }]).toArray()))
        .code,
    ).toBe(code)
  })
})
