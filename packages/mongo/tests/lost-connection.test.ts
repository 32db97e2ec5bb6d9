import type { Socket } from 'node:net'
import { expect, inject, test } from 'vitest'
import { connectMongo, type MongoClient } from '../src/index.ts'

/** The sockets of the driver's pool, which it shows nowhere else. */
function socketsOf(client: MongoClient): Socket[] {
  const { topology } = client as unknown as {
    topology: { s: { servers: Map<string, { pool: { connections: Iterable<{ socket: Socket }> } }> } }
  }
  return [...topology.s.servers.values()].flatMap(({ pool }) =>
    [...pool.connections].map(({ socket }) => socket),
  )
}

test('a write whose connection is lost in the same tick ends by itself, and the client goes on', async () => {
  const url = inject('mongodbUrl') ?? ''
  await using connection = await connectMongo({ url, appName: 'heed-test', purpose: 'ordinary' })
  const rows = connection.db('heed_test_lost_connection').collection<{ _id: string; n: number }>('rows')
  await rows.drop()
  for (let n = 0; n < 3; n++) {
    for (const socket of socketsOf(connection.client)) socket.destroy()
    await rows.updateOne({ _id: 'one' }, { $set: { n } }, { upsert: true })
  }
  expect(await rows.findOne({ _id: 'one' })).toEqual({ _id: 'one', n: 2 })
  await connection.db('heed_test_lost_connection').dropDatabase()
}, 10_000)
