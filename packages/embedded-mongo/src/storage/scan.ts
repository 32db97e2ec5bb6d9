import type { Range } from '../query/index-walk.ts'
import type { IndexPlan, Plan } from '../query/planner.ts'
import type { Collection } from './collection.ts'
import { asBuffer } from './records.ts'

export type Row = { readonly record: number; readonly bytes: Buffer }

export type ScanCounters = { keys: number; docs: number }

/** Rows one after the other. Between two commands `pause` forgets what was read ahead. */
export type Scan = {
  next(): Row | null
  pause(): void
  readonly counters: ScanCounters
}

const firstRows = 16
const readAheadBytes = 1 << 20

/**
 * How many rows to read next, so that read-ahead stays about a megabyte whatever the documents' size, and below what
 * will be asked for.
 */
function paced(rowsMax: number) {
  let left = rowsMax
  let rows = Math.min(left, firstRows)
  return {
    get rows() {
      return rows
    },
    learned(read: readonly { length: number }[]) {
      const bytes = read.reduce((sum, { length }) => sum + length, 0)
      const average = Math.max(64, bytes / Math.max(1, read.length))
      left -= read.length
      rows = Math.max(1, Math.min(rows * 8, Math.floor(readAheadBytes / average), 2048, left))
    },
  }
}

/** In order of insertion, or backwards. */
export function collectionScan(collection: Collection, backward: boolean, rowsMax: number): Scan {
  const { id } = collection
  const sql = backward
    ? `SELECT r, d FROM c${id} WHERE r < ? ORDER BY r DESC LIMIT ?`
    : `SELECT r, d FROM c${id} WHERE r > ? ORDER BY r LIMIT ?`
  const pace = paced(rowsMax)
  const counters = { keys: 0, docs: 0 }
  let position = backward ? Number.MAX_SAFE_INTEGER : 0
  let buffer: [number, Uint8Array][] = []
  let at = 0
  let ended = false
  return {
    counters,
    next() {
      if (at >= buffer.length) {
        if (ended) return null
        const asked = pace.rows
        buffer = collection.prepared(sql).all(position, asked) as unknown as [number, Uint8Array][]
        at = 0
        ended = buffer.length < asked
        if (buffer.length === 0) return null
        pace.learned(buffer.map(([, bytes]) => bytes))
      }
      const [record, bytes] = buffer[at++] as [number, Uint8Array]
      position = record
      counters.docs++
      return { record, bytes: asBuffer(bytes) }
    },
    pause() {
      if (at < buffer.length) ended = false
      buffer = []
      at = 0
    },
  }
}

type KeyedRow = [Uint8Array, number, Uint8Array]

/** In the order of an index's keys, over ranges of them. */
function rangeScan(collection: Collection, plan: IndexPlan, rowsMax: number): Scan {
  const { index, backward } = plan
  const ranges: readonly Range[] = backward ? plan.ranges.toReversed() : plan.ranges
  const from = `SELECT i.k, i.r, c.d FROM i${index.id} i CROSS JOIN c${collection.id} c ON c.r = i.r`
  const order = backward ? 'ORDER BY i.k DESC, i.r DESC LIMIT ?' : 'ORDER BY i.k, i.r LIMIT ?'
  const startSql = `${from} WHERE i.k >= ? AND i.k < ? ${order}`
  const onSql = backward
    ? `${from} WHERE (i.k, i.r) < (?, ?) AND i.k >= ? ${order}`
    : `${from} WHERE (i.k, i.r) > (?, ?) AND i.k < ? ${order}`
  const pace = paced(rowsMax)
  const counters = { keys: 0, docs: 0 }
  let current = 0
  let position: { key: Uint8Array; record: number } | null = null
  let buffer: KeyedRow[] = []
  let at = 0
  let ended = false

  function fill(): boolean {
    while (current < ranges.length) {
      if (!ended) {
        const range = ranges[current] as Range
        const asked = pace.rows
        buffer = (position === null
          ? index.prepared(startSql).all(range.from, range.to, asked)
          : index
              .prepared(onSql)
              .all(
                position.key,
                position.record,
                backward ? range.from : range.to,
                asked,
              )) as unknown as KeyedRow[]
        at = 0
        ended = buffer.length < asked
        if (buffer.length) {
          pace.learned(buffer.map(([, , bytes]) => bytes))
          return true
        }
      }
      current++
      position = null
      ended = false
    }
    return false
  }

  return {
    counters,
    next() {
      if (at >= buffer.length && !fill()) return null
      const [key, record, bytes] = buffer[at++] as KeyedRow
      position = { key, record }
      counters.keys++
      counters.docs++
      return { record, bytes: asBuffer(bytes) }
    },
    pause() {
      if (at < buffer.length) ended = false
      buffer = []
      at = 0
    },
  }
}

/** Many complete keys of a unique index: one statement for all of a batch. */
function pointScan(collection: Collection, plan: IndexPlan): Scan {
  const { index, backward } = plan
  const ranges = backward ? plan.ranges.toReversed() : plan.ranges
  const sql = `SELECT j.key, i.r, c.d FROM json_each(?) j CROSS JOIN i${index.id} i ON i.k = unhex(j.value) CROSS JOIN c${collection.id} c ON c.r = i.r`
  const counters = { keys: 0, docs: 0 }
  let batch = 128
  let current = 0
  let buffer: [number, number, Uint8Array][] = []
  let base = 0
  let at = 0
  return {
    counters,
    next() {
      while (at >= buffer.length) {
        if (current >= ranges.length) return null
        const keys = ranges.slice(current, current + batch).map(({ from }) => `"${from.toString('hex')}"`)
        buffer = index.prepared(sql).all(`[${keys.join(',')}]`) as unknown as [number, number, Uint8Array][]
        const bytes = buffer.reduce((sum, row) => sum + row[2].length, 0)
        base = current
        current += keys.length
        counters.keys += keys.length
        at = 0
        batch = Math.max(
          1,
          Math.min(2048, batch * 4, Math.floor((4 * readAheadBytes) / Math.max(1, bytes / keys.length))),
        )
      }
      const [, record, bytes] = buffer[at++] as [number, number, Uint8Array]
      counters.docs++
      return { record, bytes: asBuffer(bytes) }
    },
    pause() {
      if (at < buffer.length) current = base + (buffer[at] as [number, number, Uint8Array])[0]
      buffer = []
      at = 0
    },
  }
}

/** Each record once, where several keys or several plans lead to it. */
function once(scans: readonly Scan[]): Scan {
  const seen = new Set<number>()
  const counters = { keys: 0, docs: 0 }
  let current = 0
  return {
    counters,
    next() {
      for (;;) {
        const scan = scans[current]
        if (!scan) return null
        const row = scan.next()
        counters.keys = scans.reduce((sum, each) => sum + each.counters.keys, 0)
        counters.docs = seen.size
        if (row === null) current++
        else if (!seen.has(row.record)) {
          seen.add(row.record)
          counters.docs = seen.size
          return row
        }
      }
    },
    pause() {
      for (const scan of scans) scan.pause()
    },
  }
}

function indexScan(collection: Collection, plan: IndexPlan, rowsMax: number): Scan {
  const scan =
    plan.points && plan.ranges.length > 1 ? pointScan(collection, plan) : rangeScan(collection, plan, rowsMax)
  return plan.index.multikey ? once([scan]) : scan
}

/**
 * The rows a plan leads to, before the filter.
 * @param rowsMax  no more than these will be asked for, so that a search for few does not read ahead
 */
export function openScan(collection: Collection, plan: Plan, rowsMax: number): Scan {
  if (plan.kind === 'collection') return collectionScan(collection, plan.backward, rowsMax)
  if (plan.kind === 'index') return indexScan(collection, plan, rowsMax)
  return once(plan.plans.map((part) => indexScan(collection, part, rowsMax)))
}

/** Records under a covered plan, counted from the keys alone. */
export function countKeys(plan: IndexPlan): number {
  const what = plan.index.multikey ? 'DISTINCT r' : '*'
  const sql = `SELECT count(${what}) FROM i${plan.index.id} WHERE k >= ? AND k < ?`
  let total = 0
  for (const { from, to } of plan.ranges)
    total += (plan.index.prepared(sql).get(from, to) as unknown as [number])[0]
  return total
}
