import { Decimal128, type Document, Long } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf, type Row, type Server, startServer } from './harness.ts'

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

describe('plans', () => {
  let jobs: Collection
  beforeAll(async () => {
    jobs = server.collection('jobs')
    const docs = Array.from({ length: 1000 }, (_, i) => ({
      _id: i,
      state: i % 10 ? 'done' : 'ready',
      dueAt: i,
      tags: [i % 3, 'x'],
      n: { m: i },
    }))
    await jobs.insertMany(docs)
    await jobs.createIndexes([
      { key: { state: 1, dueAt: 1 } },
      { key: { dueAt: -1 } },
      { key: { tags: 1 } },
      { key: { 'n.m': 1 }, unique: true },
    ])
  })

  test.each<[string, Row, Document, Document]>([
    ['an equality', { 'n.m': 5 }, {}, { nReturned: 1, totalKeysExamined: 1, totalDocsExamined: 1 }],
    [
      'an equality and a range',
      { state: 'ready', dueAt: { $gte: 100, $lt: 200 } },
      {},
      { nReturned: 10, totalDocsExamined: 10 },
    ],
    ['a range of a descending field', { dueAt: { $gt: 990 } }, {}, { nReturned: 9, totalDocsExamined: 9 }],
    [
      'a range in order',
      { state: 'ready', dueAt: { $lte: 500 } },
      { sort: { dueAt: 1 }, limit: 3 },
      { nReturned: 3, totalDocsExamined: 3 },
    ],
    [
      'the order downwards',
      { state: 'ready' },
      { sort: { dueAt: -1 }, limit: 2 },
      { nReturned: 2, totalDocsExamined: 2 },
    ],
    ['a list', { 'n.m': { $in: [1, 2, 2000] } }, {}, { nReturned: 2, totalDocsExamined: 2 }],
    [
      'a list of _ids, whatever else is asked of them',
      { _id: { $in: [1, 2, 3] }, state: 'ready' },
      {},
      { totalDocsExamined: 3 },
    ],
    ['elements of arrays', { tags: 2 }, {}, { nReturned: 333, totalDocsExamined: 333 }],
    ['a beginning of text', { state: /^rea/, dueAt: 10 }, {}, { nReturned: 1 }],
    ['either of two', { $or: [{ 'n.m': 3 }, { dueAt: 4 }] }, {}, { nReturned: 2, totalDocsExamined: 2 }],
  ])('%s does not scan', async (_, filter, options, expected) => {
    const plan = await explained(jobs, filter, options)
    expect(plan).toMatchObject(expected)
    expect(plan.stages).not.toContain('COLLSCAN')
    expect(plan.stages).not.toContain('SORT')
  })

  test('a search by _id is the express way', async () => {
    expect((await explained(jobs, { _id: 5 })).stages).toEqual(['EXPRESS_IXSCAN'])
  })

  test('a count over an index reads no document', async () => {
    const plan = await server.db.command({
      explain: { count: 'jobs', query: { state: 'ready' } },
      verbosity: 'executionStats',
    })
    expect(plan.executionStats).toMatchObject({ totalKeysExamined: 100, totalDocsExamined: 0 })
    expect(await jobs.countDocuments({ state: 'ready', dueAt: { $lt: 100 } })).toBe(10)
  })

  test('updates, deletes and aggregations use indexes as well', async () => {
    const update = await server.db.command({
      explain: { update: 'jobs', updates: [{ q: { 'n.m': 3 }, u: { $set: { x: 1 } } }] },
      verbosity: 'executionStats',
    })
    expect(update.executionStats.totalDocsExamined).toBe(1)
    const aggregate = await server.db.command({
      explain: {
        aggregate: 'jobs',
        pipeline: [{ $match: { 'n.m': 3 } }, { $project: { n: 1 } }],
        cursor: {},
      },
      verbosity: 'executionStats',
    })
    expect(aggregate.executionStats.totalDocsExamined).toBe(1)
  })

  test('what no index knows is a scan', async () => {
    expect((await explained(jobs, { nothing: 1 })).stages).toEqual(['COLLSCAN'])
  })

  test('a hint for an index that does not exist is refused', async () => {
    expect((await errorOf(jobs.find({}, { hint: 'nothing' }).toArray())).code).toBe(2)
    expect((await errorOf(jobs.updateOne({}, { $set: { a: 1 } }, { hint: { nothing: 1 } }))).code).toBe(2)
    expect((await errorOf(jobs.deleteOne({}, { hint: 'nothing' }))).code).toBe(2)
    expect((await errorOf(jobs.findOneAndDelete({}, { hint: { nothing: 1 } }))).code).toBe(2)
    expect((await errorOf(jobs.aggregate([], { hint: 'nothing' }).toArray())).code).toBe(2)
    expect((await errorOf(server.db.command({ count: 'jobs', hint: 'nothing' }))).code).toBe(2)
  })
})

test('with indexes and without, every filter finds the same', { timeout: 40_000 }, async () => {
  const plain = server.collection()
  const indexed = server.collection()
  const value = (n: number) =>
    [
      n % 7,
      `t${n % 5}`,
      null,
      [n % 3, n % 4],
      { x: n % 2 },
      Decimal128.fromString(`${n % 7}.5`),
      Long.fromNumber(n % 7),
      undefined,
    ][n % 8]
  const docs = Array.from({ length: 400 }, (_, i) => ({
    _id: i,
    a: value(i),
    b: value(i * 3 + 1),
    c: { d: value(i * 5 + 2) },
  }))
  await plain.insertMany(docs, { ignoreUndefined: true })
  await indexed.insertMany(docs, { ignoreUndefined: true })
  await indexed.createIndexes([{ key: { a: 1, b: -1 } }, { key: { b: 1, 'c.d': 1 } }, { key: { 'c.d': -1 } }])
  const operands = [0, 3, 2.5, 't1', null, [1, 2], { x: 1 }, Decimal128.fromString('3')]
  const conditions: Row[] = operands.flatMap((v) => [
    v as Row,
    { $gt: v },
    { $lte: v },
    { $gte: v, $lt: 5 },
    { $in: [v, 't2'] },
    { $ne: v },
  ])
  for (const [i, condition] of conditions.entries()) {
    for (const filter of [
      { a: condition },
      { a: condition, b: conditions[(i * 7) % conditions.length] },
      { 'c.d': condition },
      { $or: [{ a: condition }, { 'c.d': 2 }] },
    ] as Row[]) {
      const sort = { b: -1, a: 1, _id: 1 } as const
      const [want, got] = await Promise.all([
        plain.find(filter).sort(sort).toArray(),
        indexed.find(filter).sort(sort).toArray(),
      ])
      expect(got, JSON.stringify(filter)).toEqual(want)
      expect(await indexed.countDocuments(filter)).toBe(want.length)
    }
  }
})

test('groups counted by the keys of an index are those counted by reading, whatever they are made of', async () => {
  const plain = server.collection()
  const indexed = server.collection()
  const values = [1, Long.fromNumber(1), 1.5, 'x', 'xy', '', null, undefined, { x: 1 }, new Date(5), true]
  const docs = Array.from({ length: 300 }, (_, i) => ({
    _id: i,
    lane: i % 3,
    state: values[i % values.length],
    other: i,
  }))
  await plain.insertMany(docs, { ignoreUndefined: true })
  await indexed.insertMany(docs, { ignoreUndefined: true })
  await indexed.createIndexes([
    { key: { lane: 1, state: -1, other: 1 } },
    { key: { other: 1 }, sparse: true },
  ])
  const byState = { $group: { _id: '$state', count: { $sum: 1 } } }
  const pipelines: Document[][] = [
    [{ $match: { lane: 1 } }, byState],
    [{ $match: { lane: 1, state: { $in: ['x', 1] } } }, byState],
    [{ $match: { lane: { $in: [0, 2] } } }, byState],
    [{ $match: { lane: 7 } }, byState],
    [{ $match: { lane: 1, other: { $lt: 50 } } }, byState],
    [{ $group: { _id: '$lane', n: { $sum: 1 } } }, { $match: { n: { $gt: 0 } } }],
    [{ $group: { _id: '$other', n: { $sum: 1 } } }, { $match: { n: { $ne: 1 } } }],
  ]
  const sorted = async (collection: Collection, pipeline: Document[]) =>
    (await collection.aggregate(pipeline).toArray()).map((group) => JSON.stringify(group)).sort()
  const both = async (pipeline: Document[]) =>
    expect(await sorted(indexed, pipeline), JSON.stringify(pipeline)).toEqual(await sorted(plain, pipeline))
  for (const pipeline of pipelines) await both(pipeline)
  const many = { _id: 1_000, lane: 1, state: ['x', 'y'], other: 0 }
  await plain.insertOne(many)
  await indexed.insertOne(many)
  for (const pipeline of pipelines) await both(pipeline)
})
