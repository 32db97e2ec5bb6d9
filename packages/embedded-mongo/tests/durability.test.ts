import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { Binary, type Document, Long } from 'mongodb'
import { expect, test } from 'vitest'
import { killRounds } from './durability/kill-rounds.ts'
import { type Row, spawnServer, startServer, temporaryDir } from './harness.ts'
import { rawConnection } from './raw-connection.ts'

test('of mixed writes everything acknowledged is there after kill -9, nothing else is half there, and indexes agree', {
  timeout: 120_000,
}, async () => {
  const { kills, acknowledged, wrong } = await killRounds(4)
  expect(wrong).toEqual([])
  expect(kills).toBe(4)
  expect(acknowledged).toBeGreaterThan(80)
})

test('a retried write gets the first answer, after a crash and restart too', async () => {
  const dataDir = temporaryDir()
  const lsid = { id: new Binary(Buffer.alloc(16, 7), 4) }
  const increment: Document = {
    findAndModify: 'c',
    query: { _id: 1 },
    update: { $inc: { n: 1 } },
    upsert: true,
    new: true,
    lsid,
    txnNumber: Long.fromNumber(1),
  }
  const insert: Document = { insert: 'c', documents: [{ _id: 2 }], lsid, txnNumber: Long.fromNumber(2) }
  {
    await using server = await startServer(dataDir)
    using raw = await rawConnection(server.port)
    expect(await raw.command(increment)).toMatchObject({ value: { _id: 1, n: 1 } })
    expect(await raw.command(increment)).toMatchObject({
      value: { _id: 1, n: 1 },
      lastErrorObject: { updatedExisting: false },
    })
    expect(await raw.command(insert)).toMatchObject({ n: 1 })
    await server.kill()
  }
  await using server = await startServer(dataDir)
  using raw = await rawConnection(server.port)
  expect(await raw.command(insert)).toMatchObject({ n: 1, ok: 1, retriedStmtIds: [0] })
  expect(await raw.command(increment)).toMatchObject({ ok: 0, code: 225, codeName: 'TransactionTooOld' })
  expect(await server.collection('c').find().toArray()).toEqual([{ _id: 1, n: 1 }, { _id: 2 }])
  rmSync(dataDir, { recursive: true })
})

test('indexes, options and counts are there after a restart', async () => {
  const dataDir = temporaryDir()
  {
    await using server = await startServer(dataDir)
    await server.db.createCollection('kept', { validator: { a: { $gt: 0 } } })
    await server.collection('kept').createIndex({ a: 1 }, { unique: true })
    await server.collection('kept').insertOne({ a: [1, 2] } as Row, { bypassDocumentValidation: true })
    await server.kill()
  }
  await using server = await startServer(dataDir)
  const kept = server.collection('kept')
  expect(await kept.indexes()).toMatchObject([{ name: '_id_' }, { name: 'a_1', unique: true }])
  await expect(kept.insertOne({ a: 2 })).rejects.toMatchObject({ code: 11000 })
  await expect(kept.insertOne({ a: -1 })).rejects.toMatchObject({ code: 121 })
  expect(await kept.estimatedDocumentCount()).toBe(1)
  rmSync(dataDir, { recursive: true })
})

test('writes that arrive together share flushes', async () => {
  await using server = await startServer()
  const collection = server.collection()
  await collection.insertOne({ _id: 0 })
  const count = async () =>
    (await server.db.admin().serverStatus()).groupCommit as { writes: number; flushes: number }
  const before = await count()
  await Promise.all(
    Array.from({ length: 1000 }, (_, i) =>
      collection.insertOne({ _id: i + 1 }, { writeConcern: { w: 'majority', j: true } }),
    ),
  )
  const after = await count()
  expect(after.writes - before.writes).toBeGreaterThanOrEqual(1000)
  expect(after.flushes - before.flushes).toBeLessThan(500)
})

async function endOf(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; errors: string }> {
  const child = spawnServer(args, env)
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, errors }
}

test('a second process on the same directory is refused in one clear line', async () => {
  await using server = await startServer()
  const { code, errors } = await endOf(['--port', '0', '--data-dir', server.dataDir])
  expect(code).toBe(1)
  expect(errors).toMatch(/^embedded-mongo: another process holds the data directory .*\n$/)
  expect(await server.db.command({ ping: 1 })).toMatchObject({ ok: 1 })
})

test('it does not start in production', async () => {
  const { code, errors } = await endOf(['--port', '0', '--data-dir', temporaryDir()], {
    NODE_ENV: 'production',
  })
  expect(code).toBe(1)
  expect(errors).toMatch(/^embedded-mongo: .*production.*\n$/)
})

test('SIGTERM ends it at once, with connections open', async () => {
  const dataDir = temporaryDir()
  const child = spawnServer([], { PORT: '0', DATA_DIR: dataDir })
  await once(child.stdout as NonNullable<typeof child.stdout>, 'data')
  const started = Date.now()
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(Date.now() - started).toBeLessThan(3000)
  rmSync(dataDir, { recursive: true })
})
