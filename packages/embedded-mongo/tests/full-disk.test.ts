import { once } from 'node:events'
import { readOnlyView, smallDisks } from '@heed/testkit'
import { MongoServerError } from 'mongodb'
import { expect, test } from 'vitest'
import { integrityOf } from './durability/verify.ts'
import { type Row, type Server, spawnServer, startServer } from './harness.ts'

const filler = 'x'.repeat(20_000)
const j = { writeConcern: { w: 'majority', j: true } } as const

type Told = { acknowledged: Set<string>; refused: Map<string, MongoServerError>; readsRefused: unknown[] }

/** Sixteen writers at once, each until its third refusal, and readers beside them. */
async function fill(server: Server, told: Told): Promise<void> {
  const writer = async (id: number) => {
    for (let n = 0, refusals = 0; refusals < 3; n++) {
      const _id = `${told.acknowledged.size}:${id}:${n}`
      try {
        await server.db.collection<Row>('log').insertOne({ _id, tags: [_id, id], filler }, j)
        told.acknowledged.add(_id)
      } catch (error) {
        if (!(error instanceof MongoServerError)) throw error
        told.refused.set(_id, error)
        refusals += 1
      }
    }
  }
  let isFull = false
  const reader = async () => {
    const log = server.connect().db('test').collection<Row>('log')
    while (!isFull)
      await log
        .findOne({ _id: { $in: [...told.acknowledged].slice(-1) } })
        .catch((error) => told.readsRefused.push(error))
  }
  const readers = [reader(), reader()]
  await Promise.all(Array.from({ length: 16 }, (_, id) => writer(id)))
  isFull = true
  await Promise.all(readers)
}

const idsIn = async (server: Server) =>
  new Set(
    (
      await server
        .collection('log')
        .find({}, { projection: { _id: 1 } })
        .toArray()
    ).map(({ _id }) => _id),
  )

test.each(Object.entries(smallDisks))(
  '%s refuses writes with an error, keeps all that was acknowledged and nothing else, and takes writes again when there is room',
  {
    timeout: 60_000,
  },
  async (name, make) => {
    using disk = make(4)
    if (!disk) return console.warn(`not run: ${name} cannot be made here (needs mount or prlimit)`)
    const told: Told = { acknowledged: new Set(), refused: new Map(), readsRefused: [] }
    {
      await using server = await startServer(disk.dir, disk.commandLine)
      await server.collection('log').createIndex({ tags: 1 })
      await fill(server, told)
      expect(told.acknowledged.size).toBeGreaterThan(50)
      expect(told.refused.size).toBeGreaterThanOrEqual(48)
      for (const { code, codeName } of told.refused.values())
        expect([`14031 OutOfDiskSpace`, `96 OperationFailed`]).toContain(`${code} ${codeName}`)
      await expect(server.collection('new').insertOne({ filler: filler.repeat(99) })).rejects.toThrow(
        MongoServerError,
      )
      expect(await idsIn(server)).toEqual(told.acknowledged)
      expect(told.readsRefused).toEqual([])
      disk.enlarge(server.pid)
      await server.collection('new').insertOne({ _id: 1 }, j)
      for (let n = 0; n < 20; n++) {
        await server.collection('log').insertOne({ _id: `more:${n}`, tags: ['more'], filler }, j)
        told.acknowledged.add(`more:${n}`)
      }
      expect(await server.collection('log').countDocuments({ tags: 'more' })).toBe(20)
      await server.kill()
    }
    expect(integrityOf(disk.dir)).toEqual([])
    await using server = await startServer(disk.dir)
    expect(await idsIn(server)).toEqual(told.acknowledged)
    expect(await server.collection('new').find().toArray()).toEqual([{ _id: 1 }])
    expect(await server.collection('log').find().hint({ tags: 1 }).toArray()).toHaveLength(
      told.acknowledged.size,
    )
  },
)

test('on a directory that cannot be written it says so in one line and ends, and what is there stays as it was', async () => {
  await using server = await startServer()
  await server.collection('log').insertOne({ _id: 1 }, j)
  await server.kill()
  using view = readOnlyView(server.dataDir)
  if (!view) return console.warn('not run: a read-only directory cannot be made here (needs mount)')
  const child = spawnServer(['--port', '0', '--data-dir', view.dir])
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  expect(await once(child, 'close')).toEqual([1, null])
  expect(errors).toMatch(/^embedded-mongo: [^\n]+\n$/)
  await using again = await startServer(server.dataDir)
  expect(await again.collection('log').find().toArray()).toEqual([{ _id: 1 }])
})
