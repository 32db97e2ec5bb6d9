import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isDeepStrictEqual } from 'node:util'
import { type RawConnection, rawConnection } from '../raw-connection.ts'
import { type Row, settle, type Writer } from './load.ts'

/**
 * Holds what is stored after a kill against what each writer knows, and goes on from what it finds: a write
 * whose answer never came stands whole or not at all. Answers with what is wrong.
 */
export async function verify(port: number, writers: readonly Writer[]): Promise<string[]> {
  using raw = await rawConnection(port)
  const wrong: string[] = []
  for (const writer of writers) wrong.push(...(await retry(raw, writer)))
  const stored = new Map((await rowsBy(raw, { _id: 1 })).map((row) => [row._id, row]))
  for (const writer of writers) {
    wrong.push(...compare(writer, stored))
    settleAsFound(writer, stored)
  }
  for (const row of stored.values()) wrong.push(`${row._id} is stored and nobody wrote it`)
  return [...wrong, ...(await indexesDisagree(raw))]
}

/** Sends the last retryable write again: the first answer if there was one, and one effect in any case. */
async function retry(raw: RawConnection, writer: Writer): Promise<string[]> {
  const { retryable } = writer
  if (!retryable) return []
  writer.retryable = null
  const reply = await raw.command(retryable.command)
  const isFirst = isDeepStrictEqual(reply.value, retryable.row)
  // A later write may have changed or removed the document: then only the reply tells, and it must be the first.
  if (writer.underWay.has(retryable.row._id) && retryable.reply === null) settle(writer)
  return isFirst ? [] : [`a retried write was answered ${JSON.stringify(reply)}, not as it was first`]
}

function compare(writer: Writer, stored: ReadonlyMap<string, Row>): string[] {
  const wrong: string[] = []
  for (const id of new Set([...writer.acknowledged.keys(), ...writer.underWay.keys()])) {
    const found = stored.get(id) ?? null
    const before = writer.acknowledged.get(id) ?? null
    const after = writer.underWay.get(id)
    if (isDeepStrictEqual(found, before)) continue
    if (after !== undefined && isDeepStrictEqual(found, after)) continue
    wrong.push(
      `${id} is ${JSON.stringify(found)}, acknowledged ${JSON.stringify(before)}, under way ${JSON.stringify(after)}`,
    )
  }
  return wrong
}

/** Takes the writer's documents out of `stored` into what it knows. */
function settleAsFound(writer: Writer, stored: Map<string, Row>): void {
  const ids = [...writer.acknowledged.keys(), ...writer.underWay.keys()]
  writer.acknowledged.clear()
  writer.underWay = new Map()
  for (const id of ids) {
    const row = stored.get(id)
    if (row) writer.acknowledged.set(id, row)
    stored.delete(id)
  }
}

async function rowsBy(raw: RawConnection, hint: Record<string, 1>): Promise<Row[]> {
  const reply = await raw.command({ find: 'log', filter: {}, hint, batchSize: 100_000 })
  if (reply.ok !== 1) throw new Error(`find was answered ${JSON.stringify(reply)}`)
  return reply.cursor.firstBatch
}

/** Every index leads to the same documents, and a unique one to each value once. */
async function indexesDisagree(raw: RawConnection): Promise<string[]> {
  const sorted = (rows: Row[]) => rows.sort((x, y) => (x._id < y._id ? -1 : 1))
  const [byId, byValue, byUnique] = await Promise.all(
    [{ _id: 1 }, { v: 1 }, { u: 1 }].map((hint) => rowsBy(raw, hint as never)),
  )
  const wrong: string[] = []
  if (!isDeepStrictEqual(sorted(byValue ?? []), sorted(byId ?? []))) wrong.push('the index on v disagrees')
  if (!isDeepStrictEqual(sorted(byUnique ?? []), sorted(byId ?? []))) wrong.push('the index on u disagrees')
  const values = (byId ?? []).map(({ u }) => u)
  if (new Set(values).size !== values.length) wrong.push('a unique value stands twice')
  for (const { _id, v, half } of byId ?? []) if (v !== half) wrong.push(`${_id} is half written`)
  return wrong
}

/** SQLite's own check, on a copy, so that the next start recovers what the kill left. */
export function integrityOf(dataDir: string): string[] {
  const copy = mkdtempSync(join(tmpdir(), 'embedded-mongo-copy-'))
  try {
    for (const name of ['heed.sqlite', 'heed.sqlite-wal'])
      if (existsSync(join(dataDir, name))) cpSync(join(dataDir, name), join(copy, name))
    const file = new DatabaseSync(join(copy, 'heed.sqlite'))
    const found = file
      .prepare('PRAGMA integrity_check')
      .all()
      .map((row) => String(row.integrity_check))
    file.close()
    return found.filter((line) => line !== 'ok')
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}
