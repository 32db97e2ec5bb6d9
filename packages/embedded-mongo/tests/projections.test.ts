import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf, type Row, type Server, startServer } from './harness.ts'

let server: Server
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

describe('projections', () => {
  const before = { a: 1, b: { c: 2, d: 3 }, e: [{ f: 4, g: 5 }, { f: 6 }, 7] }
  async function projected(projection: Row, filter: Row = {}, doc: Row = before): Promise<Row | null> {
    const collection = server.collection()
    await collection.insertOne({ _id: 1, ...doc })
    return collection.findOne(filter, { projection })
  }
  test.each<[string, Row, Row]>([
    ['inclusion', { a: 1, 'b.c': 1 }, { _id: 1, a: 1, b: { c: 2 } }],
    ['inclusion through arrays', { _id: 0, 'e.f': 1 }, { e: [{ f: 4 }, { f: 6 }] }],
    ['exclusion', { b: 0, 'e.f': 0 }, { _id: 1, a: 1, e: [{ g: 5 }, {}, 7] }],
    ['only the _id', { _id: 1 }, { _id: 1 }],
    ['without the _id', { _id: 0 }, before],
    ['computed fields', { _id: 0, n: { $add: ['$a', '$b.c'] }, a: 1 }, { a: 1, n: 3 }],
    ['$slice', { e: { $slice: -1 } }, { _id: 1, a: 1, b: { c: 2, d: 3 }, e: [7] }],
    ['$slice of inclusion', { a: 1, e: { $slice: [1, 1] } }, { _id: 1, a: 1, e: [{ f: 6 }] }],
    ['$elemMatch', { e: { $elemMatch: { f: 6 } } }, { _id: 1, e: [{ f: 6 }] }],
  ])('%s', async (_, projection, expected) => {
    expect(await projected(projection)).toEqual(expected)
  })

  test('the positional element', async () => {
    expect(await projected({ 'e.$': 1 }, { 'e.f': 6 })).toEqual({ _id: 1, e: [{ f: 6 }] })
  })

  test('keep _id in first place', async () => {
    expect(Object.keys((await projected({ a: 1, b: 1 })) as Row)).toEqual(['_id', 'a', 'b'])
  })

  test('refuse inclusion mixed with exclusion', async () => {
    expect((await errorOf(projected({ a: 1, b: 0 }))).code).toBe(31254)
    expect((await errorOf(projected({ a: 0, b: 1 }))).code).toBe(31253)
  })
})
