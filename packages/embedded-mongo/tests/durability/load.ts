import { isDeepStrictEqual } from 'node:util'
import { Binary, type Document, Long } from 'mongodb'
import { type RawConnection, rawConnection } from '../raw-connection.ts'

/** A document of the load: `u` is unique in the collection, `v` indexed, `half` repeats `v` to show a torn one. */
export type Row = { _id: string; v: number; u: string; half: number }
/** What stands under each `_id`; null: nothing. */
type State = Row | null

/** What one writer knows: what was acknowledged, and what the write under way would make of which documents. */
export type Writer = {
  readonly id: number
  readonly acknowledged: Map<string, Row>
  underWay: ReadonlyMap<string, State>
  /** The last retryable command, whether it was acknowledged, and the reply that it got. */
  retryable: { command: Document; reply: Document | null; row: Row } | null
  next: number
  txn: number
}

export const newWriter = (id: number): Writer => ({
  id,
  acknowledged: new Map(),
  underWay: new Map(),
  retryable: null,
  next: 0,
  txn: 0,
})

export type Random = () => number

const majority = { w: 'majority', j: true }
const keptMax = 24

type Load = { raw: RawConnection; writer: Writer; random: Random }

/** Writes until the server is gone. Each acknowledgement is counted when it is there. */
export async function writeUntilGone(
  port: number,
  writer: Writer,
  random: Random,
  onAcknowledged: () => void,
): Promise<void> {
  using raw = await rawConnection(port)
  const gone = new Promise<never>((_, reject) => raw.socket.once('close', () => reject(new Gone())))
  gone.catch(() => {})
  raw.socket.on('error', () => {})
  try {
    for (;;) {
      await Promise.race([gone, step({ raw, writer, random })])
      onAcknowledged()
    }
  } catch (error) {
    if (!(error instanceof Gone) && !(error as Error & { syscall?: string }).syscall) throw error
  }
}

class Gone extends Error {}

async function step(load: Load): Promise<void> {
  const { writer, random } = load
  const rows = [...writer.acknowledged.values()]
  if (rows.length < 4) return insert(load, 1)
  const row = rows[Math.floor(random() * rows.length)] as Row
  const kinds = [conditional, conditional, missed, upsert, findAndModify, retryable, retryable, bulk, refused]
  if (rows.length > keptMax || random() < 0.1) return remove(load, row)
  if (random() < 0.2) return insert(load, 1 + Math.floor(random() * 5))
  return (kinds[Math.floor(random() * kinds.length)] as (typeof kinds)[number])(load, row)
}

/** Sends a command of which it is known what it makes of each document; acknowledged, it stands. */
async function write(
  load: Load,
  command: Document,
  makes: [string, State][],
  expected: Document,
): Promise<Document> {
  load.writer.underWay = new Map(makes)
  const reply = await load.raw.command({ ...command, writeConcern: majority })
  for (const [key, value] of Object.entries(expected))
    if (!isDeepStrictEqual(reply[key], value))
      throw new Error(
        `${Object.keys(command)[0]} answered ${JSON.stringify(reply)}, expected ${JSON.stringify(expected)}`,
      )
  settle(load.writer)
  return reply
}

/** The write under way stands. */
export function settle(writer: Writer): void {
  for (const [id, state] of writer.underWay) {
    if (state === null) writer.acknowledged.delete(id)
    else writer.acknowledged.set(id, state)
  }
  writer.underWay = new Map()
}

function fresh({ writer }: Load): Row {
  const n = ++writer.next
  return { _id: `${writer.id}:${n}`, v: 0, u: `${writer.id}/${n}/0`, half: 0 }
}

const moved = ({ _id, v }: Row): Row => ({
  _id,
  v: v + 1,
  u: `${_id.replace(':', '/')}/${v + 1}`,
  half: v + 1,
})
const change = ({ v, u, half }: Row) => ({ $set: { v, u, half } })
const ok = { ok: 1 }

async function insert(load: Load, count: number): Promise<void> {
  const documents = Array.from({ length: count }, () => fresh(load))
  await write(
    load,
    { insert: 'log', documents },
    documents.map((row) => [row._id, row]),
    { ...ok, n: count },
  )
}

async function conditional(load: Load, row: Row): Promise<void> {
  const after = moved(row)
  const update = { q: { _id: row._id, v: row.v }, u: change(after) }
  await write(load, { update: 'log', updates: [update] }, [[row._id, after]], { ...ok, n: 1, nModified: 1 })
}

async function missed(load: Load, row: Row): Promise<void> {
  const update = { q: { _id: row._id, v: row.v + 7 }, u: { $set: { half: -1 } } }
  await write(load, { update: 'log', updates: [update] }, [], { ...ok, n: 0 })
}

async function upsert(load: Load): Promise<void> {
  const row = fresh(load)
  const update = { q: { _id: row._id }, u: change(row), upsert: true }
  await write(load, { update: 'log', updates: [update] }, [[row._id, row]], { ...ok, n: 1 })
}

async function findAndModify(load: Load, row: Row): Promise<void> {
  const after = moved(row)
  const command = { findAndModify: 'log', query: { _id: row._id }, update: change(after), new: true }
  await write(load, command, [[row._id, after]], { ...ok, value: after })
}

async function remove(load: Load, row: Row): Promise<void> {
  await write(load, { delete: 'log', deletes: [{ q: { _id: row._id }, limit: 1 }] }, [[row._id, null]], {
    ...ok,
    n: 1,
  })
}

/** Several writes of one command: each of them stands whole or not at all. */
async function bulk(load: Load, row: Row): Promise<void> {
  const [first, second, after] = [fresh(load), fresh(load), moved(row)]
  const updates = [
    { q: { _id: first._id }, u: change(first), upsert: true },
    { q: { _id: row._id }, u: change(after) },
    { q: { _id: second._id }, u: change(second), upsert: true },
  ]
  const makes: [string, State][] = [
    [first._id, first],
    [row._id, after],
    [second._id, second],
  ]
  await write(load, { update: 'log', updates }, makes, { ...ok, n: 3 })
}

/** Breaks the unique index: refused, and nothing changes. */
async function refused(load: Load, row: Row): Promise<void> {
  load.writer.underWay = new Map()
  const reply = await load.raw.command({
    insert: 'log',
    documents: [{ ...fresh(load), u: row.u }],
    writeConcern: majority,
  })
  if (reply.writeErrors?.[0]?.code !== 11_000)
    throw new Error(`a duplicate was answered ${JSON.stringify(reply)}`)
}

export const sessionOf = (writer: Writer) => ({ id: new Binary(Buffer.alloc(16, writer.id + 1), 4) })

/** An increment that happens once however often it is sent. */
async function retryable(load: Load, row: Row): Promise<void> {
  const { writer } = load
  const after = { ...moved(row), u: row.u }
  const command: Document = {
    findAndModify: 'log',
    query: { _id: row._id },
    update: { $inc: { v: 1, half: 1 } },
    new: true,
    lsid: sessionOf(writer),
    txnNumber: Long.fromNumber(++writer.txn),
  }
  writer.retryable = { command: { ...command, writeConcern: majority }, reply: null, row: after }
  const reply = await write(load, command, [[row._id, after]], { ...ok, value: after })
  writer.retryable.reply = reply
}
