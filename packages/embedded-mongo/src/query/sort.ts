import { type Doc, isDoc } from '../bson/doc.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import type { Maybe, Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { indexKeys } from '../storage/index-keys.ts'
import { encodeKey } from '../storage/key-encoding.ts'
import { type Collator, compareValues } from './compare.ts'

export type SortKey = { readonly path: string; readonly descending: boolean }

/** A sort specification; `$natural` comes apart as a hint. */
export function parseSort(sort: Doc): SortKey[] {
  if (sort.size > 32) fail(13103, 'too many compound keys')
  return [...sort.entries()].map(([path, direction]) => ({ path, descending: isDescending(path, direction) }))
}

function isDescending(path: string, direction: Value): boolean {
  if (path === '' || path.split('.').includes(''))
    fail('BadValue', 'FieldPath field names may not be empty strings.')
  if (path.startsWith('$')) fail(16410, `FieldPath field names may not start with '$'.`)
  if (isDoc(direction)) fail(31138, `Illegal key in $sort specification: ${path}`)
  if (!isNumeric(direction)) fail(15974, `Illegal key in $sort specification: ${path}`)
  const way = toDouble(direction)
  if (way !== 1 && way !== -1)
    fail(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)')
  return way === -1
}

/** Of the keys that arrays give, the one that sorts first counts. */
export function sortKeyer(keys: readonly SortKey[]): (doc: Doc) => Buffer {
  const paths = keys.map(({ path }) => path.split('.'))
  const descending = keys.map((key) => key.descending)
  return (doc) => {
    const encoded = indexKeys(doc, paths).keys.map((values) => encodeKey(values, descending))
    return encoded.length === 1
      ? (encoded[0] as Buffer)
      : encoded.reduce((a, b) => (Buffer.compare(a, b) <= 0 ? a : b))
  }
}

/** Compares documents; with a collation text cannot be told apart by its bytes. */
export function documentOrder(keys: readonly SortKey[], collator: Collator) {
  if (!collator) {
    const keyOf = sortKeyer(keys)
    return {
      keyOf: keyOf as (doc: Doc) => unknown,
      compare: (a: unknown, b: unknown) => Buffer.compare(a as Buffer, b as Buffer),
    }
  }
  const paths = keys.map(({ path }) => path.split('.'))
  const compareKeys = (a: Maybe[], b: Maybe[]): number => {
    for (const [i, { descending }] of keys.entries()) {
      const order = compareValues(a[i] ?? null, b[i] ?? null, collator)
      if (order !== 0) return descending ? -order : order
    }
    return 0
  }
  const keyOf = (doc: Doc): unknown =>
    indexKeys(doc, paths).keys.reduce((a, b) => (compareKeys(a, b) <= 0 ? a : b))
  return { keyOf, compare: (a: unknown, b: unknown) => compareKeys(a as Maybe[], b as Maybe[]) }
}

const memoryMax = 100 * 1024 * 1024

/** Sorts as the server does: stable, and the first `limit` only where one is given. */
export function sortAll<T extends { readonly doc: Doc }>(
  rows: Iterable<T>,
  order: ReturnType<typeof documentOrder>,
  limit: number,
  sizeOf: (row: T) => number,
): T[] {
  let kept: { row: T; key: unknown; at: number }[] = []
  const compare = (a: (typeof kept)[0], b: (typeof kept)[0]) => order.compare(a.key, b.key) || a.at - b.at
  const trimAt = limit > 0 ? Math.max(limit * 2, 1000) : Number.POSITIVE_INFINITY
  let bytes = 0
  let at = 0
  for (const row of rows) {
    kept.push({ row, key: order.keyOf(row.doc), at: at++ })
    bytes += sizeOf(row)
    if (kept.length >= trimAt) {
      kept = kept.sort(compare).slice(0, limit)
      bytes = kept.reduce((sum, entry) => sum + sizeOf(entry.row), 0)
    }
    if (bytes > memoryMax * 8)
      fail('QueryExceededMemoryLimitNoDiskUseAllowed', `Sort exceeded memory limit of ${memoryMax * 8} bytes`)
  }
  kept.sort(compare)
  return (limit > 0 ? kept.slice(0, limit) : kept).map(({ row }) => row)
}
