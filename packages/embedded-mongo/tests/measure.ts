import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Collection, MongoClient } from 'mongodb'

// Figures of the README: the server in a process of its own, the official driver in this one.

type Measured = { case: string; result: string }
const results: Measured[] = []

async function perSecond(
  name: string,
  total: number,
  inFlight: number,
  unit: string,
  work: (i: number) => Promise<unknown>,
): Promise<void> {
  const times: number[] = []
  let next = 0
  const started = performance.now()
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      for (let i = next++; i < total; i = next++) {
        const from = performance.now()
        await work(i)
        times.push(performance.now() - from)
      }
    }),
  )
  const seconds = (performance.now() - started) / 1000
  const middle = times.sort((a, b) => a - b)[times.length >> 1] as number
  results.push({
    case: `${name}, ${inFlight} in flight`,
    result: `${Math.round(total / seconds)} ${unit}/s, p50 ${middle.toFixed(2)} ms`,
  })
}

async function rate(name: string, docs: number, work: () => Promise<unknown>): Promise<void> {
  const started = performance.now()
  await work()
  results.push({ case: name, result: `${Math.round(docs / ((performance.now() - started) / 1000))} docs/s` })
}

async function median(name: string, work: () => Promise<unknown>): Promise<void> {
  const times: number[] = []
  for (let i = 0; i < 40; i++) {
    const from = performance.now()
    await work()
    times.push(performance.now() - from)
  }
  results.push({ case: name, result: `${(times.sort((a, b) => a - b)[20] as number).toFixed(2)} ms` })
}

type Head = { _id: string; rev: number; recent: { n: string; rev: number }[]; filler: string }
type Numbered = { _id: string; n?: number; state?: string; dueAt?: Date }

async function measure(client: MongoClient): Promise<void> {
  const db = client.db('measure')
  await perSecond('ping', 3000, 1, 'calls', () => db.command({ ping: 1 }))
  await perSecond('ping', 20000, 64, 'calls', () => db.command({ ping: 1 }))
  const heads = db.collection<Head>('heads')
  const recent = Array.from({ length: 32 }, (_, i) => ({ n: `+1555000${1000 + i}`, rev: i }))
  await heads.insertMany(
    Array.from({ length: 1000 }, (_, i) => ({ _id: `acc${i}`, rev: 0, recent, filler: 'x'.repeat(600) })),
  )
  await perSecond('findOne by _id, 2 KB', 3000, 1, 'calls', (i) => heads.findOne({ _id: `acc${i % 1000}` }))
  await perSecond('findOne by _id, 2 KB', 20000, 64, 'calls', (i) => heads.findOne({ _id: `acc${i % 1000}` }))
  const write = (i: number) =>
    heads.updateOne(
      { _id: `acc${i % 1000}`, rev: { $gte: 0 } },
      { $inc: { rev: 1 }, $push: { recent: { $each: [{ n: '+15550009999', rev: i }], $slice: -32 } } },
      { writeConcern: { w: 'majority', j: true } },
    )
  await perSecond('conditional updateOne, 2 KB, j:true', 2000, 1, 'writes', write)
  await perSecond('conditional updateOne, 2 KB, j:true', 20000, 64, 'writes', write)
  await many(db.collection<Numbered>('numbers'))
}

async function many(numbers: Collection<Numbered>): Promise<void> {
  const batch = (k: number) =>
    Array.from({ length: 1000 }, (_, i) => ({
      _id: `+1555${String(k * 1000 + i).padStart(7, '0')}`,
      n: i,
      state: 'ready',
      dueAt: new Date(i),
    }))
  await rate('insertMany of 1,000, one unique index', 100_000, async () => {
    for (let k = 0; k < 100; k++) await numbers.insertMany(batch(k), { ordered: false })
  })
  await rate('bulkWrite of 1,000 upserts', 20_000, async () => {
    for (let k = 200; k < 220; k++)
      await numbers.bulkWrite(
        batch(k).map(({ _id, ...rest }) => ({
          updateOne: { filter: { _id }, update: { $setOnInsert: rest }, upsert: true },
        })),
        { ordered: false },
      )
  })
  await rate('createIndex on 120,000', 120_000, () => numbers.createIndex({ state: 1, dueAt: 1 }))
  for (const [share, every] of [
    ['0 %', 0],
    ['2 %', 50],
    ['100 %', 1],
  ] as const) {
    const ids = Array.from({ length: 1000 }, (_, i) =>
      every && i % every === 0 ? `+1555${String(i * 97).padStart(7, '0')}` : `+1666${i}`,
    )
    await median(`find({_id: {$in: 1,000}}), ${share} found`, () =>
      numbers.find({ _id: { $in: ids } }).toArray(),
    )
  }
  await median('countDocuments over a compound index, 120,000 keys', () =>
    numbers.countDocuments({ state: 'ready' }),
  )
  await median('claim of the next due, compound index', () =>
    numbers.findOneAndUpdate(
      { state: 'ready', dueAt: { $lte: new Date(900) } },
      { $set: { state: 'claimed' } },
      { sort: { dueAt: 1 } },
    ),
  )
  await rate('updateMany of 120,000', 120_000, () => numbers.updateMany({}, { $inc: { n: 1 } }))
  await rate('find of 120,000', 120_000, () => numbers.find().toArray())
  await rate('deleteMany of 120,000', 120_000, () => numbers.deleteMany({}))
}

const dataDir = mkdtempSync(join(tmpdir(), 'embedded-mongo-'))
const server = spawn(
  process.execPath,
  [join(import.meta.dirname, '../src/main.ts'), '--port', '0', '--data-dir', dataDir],
  { stdio: ['ignore', 'pipe', 'inherit'] },
)
const [line] = (await once(server.stdout, 'data')) as [Buffer]
const client = new MongoClient(line.toString().trim())
try {
  await measure(client)
} finally {
  await client.close()
  server.kill()
  rmSync(dataDir, { recursive: true, force: true })
}
for (const { case: name, result } of results) process.stdout.write(`${name.padEnd(54)} ${result}\n`)
