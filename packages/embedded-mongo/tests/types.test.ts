import {
  Binary,
  BSON,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Row, type Server, startServer } from './harness.ts'

let server: Server
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const values: Row = {
  double: new Double(1),
  minusZero: new Double(-0),
  int: new Int32(1),
  long: Long.fromString('9007199254740993'),
  decimal: Decimal128.fromString('1.10'),
  text: 'ünï\u0000coded 😀',
  document: { b: 1, a: { c: [] } },
  array: [1, [2, { x: null }]],
  binary: new Binary(Buffer.from([1, 2, 3]), 0x80),
  uuid: new UUID('0190a7f0-1111-7000-8000-0123456789ab'),
  objectId: new ObjectId('0123456789abcdef01234567'),
  yes: true,
  date: new Date(-1),
  nothing: null,
  regex: new BSONRegExp('a.b', 'im'),
  code: new Code('return 1', { x: 1 }),
  symbol: new BSONSymbol('s'),
  timestamp: new Timestamp({ t: 5, i: 6 }),
  min: new MinKey(),
  max: new MaxKey(),
}

const asSent = {
  promoteValues: false,
  promoteLongs: false,
  promoteBuffers: false,
  bsonRegExp: true,
  raw: false,
} as const

const { EJSON } = BSON
const text = (doc: unknown): string => EJSON.stringify(doc as Row, { relaxed: false })

test('every BSON type comes back as it went in, through an insert, an update, a pipeline and a sort', async () => {
  const collection = server.collection()
  await collection.insertOne({ _id: 1, ...values })
  const want = text({ _id: new Int32(1), ...values })
  expect(text(await collection.findOne({ _id: 1 }, asSent))).toBe(want)
  await collection.updateOne({ _id: 1 }, { $set: { extra: 1 }, $push: { array: 9 as never } })
  await collection.updateOne({ _id: 1 }, { $unset: { extra: 1 }, $pop: { array: 1 as never } })
  expect(text(await collection.findOne({ _id: 1 }, asSent))).toBe(want)
  await collection.updateOne({ _id: 1 }, [{ $set: { extra: { $literal: 1 } } }, { $unset: 'extra' }])
  expect(text(await collection.findOne({ _id: 1 }, asSent))).toBe(want)
  const [projected] = await collection
    .aggregate(
      [
        { $sort: { text: 1 } },
        { $project: { _id: 1, ...Object.fromEntries(Object.keys(values).map((key) => [key, 1])) } },
      ],
      asSent,
    )
    .toArray()
  expect(text(projected)).toBe(want)
})

test('fields keep their order, whatever their names', async () => {
  const collection = server.collection()
  const reply = await server.db.command({
    insert: collection.collectionName,
    documents: [
      new Map<string, unknown>([
        ['_id', 1],
        ['b', 1],
        ['10', 2],
        ['9', 3],
        ['__proto__', 4],
        ['a', 5],
      ]),
    ],
  })
  expect(reply).toMatchObject({ n: 1 })
  await collection.updateOne({ _id: 1 }, { $set: { constructor: 6 } })
  const keys = await collection
    .aggregate([{ $project: { keys: { $map: { input: { $objectToArray: '$$ROOT' }, in: '$$this.k' } } } }])
    .toArray()
  expect(keys[0]?.keys).toEqual(['_id', 'b', '10', '9', '__proto__', 'a', 'constructor'])
})

test('every type but arrays, regular expressions and undefined can be an _id, found again by its value', async () => {
  const collection = server.collection()
  const ids = Object.entries(values)
    .filter(([name]) => !['array', 'regex', 'minusZero', 'int', 'code', 'symbol', 'nothing'].includes(name))
    .map(([, value]) => value as object)
  for (const _id of ids) await collection.insertOne({ _id })
  for (const _id of ids) expect(await collection.countDocuments({ _id: { $in: [_id] } }), String(_id)).toBe(1)
  expect(await collection.find({ _id: { $in: ids } }).toArray()).toHaveLength(ids.length)
  await expect(collection.insertOne({ _id: new Int32(1) })).rejects.toMatchObject({ code: 11000 })
  await expect(server.db.command({ insert: 'bad', documents: [{ _id: [1] }] })).resolves.toMatchObject({
    writeErrors: [{ code: 53 }],
  })
})

test('a document without _id gets one in first place', async () => {
  const collection = server.connect({ forceServerObjectId: true }).db('test').collection<Row>('forced')
  await collection.insertOne({ a: 1, b: 2 })
  await collection.insertOne({ a: 1, _id: 5 })
  const docs = await collection.find().toArray()
  expect(docs.map((doc) => Object.keys(doc)[0])).toEqual(['_id', '_id'])
  expect(docs[0]?._id).toBeInstanceOf(ObjectId)
})
