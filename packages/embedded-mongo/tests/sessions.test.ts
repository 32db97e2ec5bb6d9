import { Binary, type Document, Long, Timestamp } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf, type Server, startServer } from './harness.ts'
import { rawConnection } from './raw-connection.ts'

let server: Server
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

describe('sessions', () => {
  const lsid = { id: new Binary(Buffer.alloc(16, 3), 4) }

  test('transactions are refused, by the driver told so', async () => {
    const session = server.client.startSession()
    session.startTransaction()
    const error = await errorOf(server.collection('t').insertOne({ a: 1 }, { session }))
    expect(error.originalError).toMatchObject({ code: 20, codeName: 'IllegalOperation' })
    await session.abortTransaction()
    await session.endSession()
    expect(await server.collection('t').countDocuments()).toBe(0)
  })

  test('causal ones read what they wrote, across clients', async () => {
    const session = server.client.startSession({ causalConsistency: true })
    const client = server.connect()
    const other = client.startSession({ causalConsistency: true })
    await server.collection('causal').insertOne({ _id: 1 }, { session })
    expect(session.operationTime).toBeInstanceOf(Timestamp)
    other.advanceClusterTime(session.clusterTime as NonNullable<typeof session.clusterTime>)
    other.advanceOperationTime(session.operationTime as Timestamp)
    expect(await client.db('test').collection('causal').countDocuments({}, { session: other })).toBe(1)
    await session.endSession()
    await other.endSession()
  })

  test('operation time grows with each write', async () => {
    const times: bigint[] = []
    for (let i = 0; i < 5; i++)
      times.push(
        (
          (await server.db.command({ insert: 'times', documents: [{}] })).operationTime as Timestamp
        ).toBigInt(),
      )
    expect(times.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(times)
    expect(new Set(times).size).toBe(5)
  })

  test('a transaction number needs a session, and a write of single documents', async () => {
    using raw = await rawConnection(server.port)
    const txnNumber = Long.fromNumber(1)
    expect(await raw.command({ insert: 'c', documents: [{}], txnNumber })).toMatchObject({ code: 72 })
    expect(
      await raw.command({
        update: 'c',
        updates: [{ q: {}, u: { $set: { a: 1 } }, multi: true }],
        lsid,
        txnNumber,
      }),
    ).toMatchObject({ code: 72 })
    expect(await raw.command({ delete: 'c', deletes: [{ q: {}, limit: 0 }], lsid, txnNumber })).toMatchObject(
      { code: 72 },
    )
  })

  test('a retry of a bulk gets the first answer whole, with its errors', async () => {
    using raw = await rawConnection(server.port)
    const command = {
      insert: 'bulk',
      documents: [{ _id: 1 }, { _id: 1 }, { _id: 2 }],
      ordered: false,
      lsid,
      txnNumber: Long.fromNumber(9),
    }
    const { n, writeErrors } = await raw.command(command)
    expect({ n, codes: writeErrors.map(({ code }: Document) => code) }).toEqual({ n: 2, codes: [11000] })
    expect(await raw.command(command)).toMatchObject({ n, writeErrors })
  })
})
