import { Doc } from '../bson/doc.ts'
import { fail } from '../errors.ts'
import type { Collection } from '../storage/collection.ts'
import { countKeys, openScan, type Row, type Scan } from '../storage/scan.ts'
import type { Collator } from './compare.ts'
import type { Condition } from './condition.ts'
import type { Plan } from './planner.ts'
import { documentOrder, type SortKey, sortAll } from './sort.ts'

export type Query = {
  readonly collection: Collection
  readonly plan: Plan
  readonly filter: Condition
  readonly sort: readonly SortKey[]
  readonly collator: Collator
  readonly skip: number
  /** 0 for all. */
  readonly limit: number
  readonly deadlineMs: number
}

/** Rows that match, one after the other. */
export type Rows = {
  next(): Row | null
  pause(): void
  /** Whether the limit is reached, so that nobody need ask again. */
  isDone(): boolean
  readonly scan: Scan
}

const checkEvery = 256

/** Time counts while a command works, not while a cursor waits for its next one. */
function deadline(deadlineMs: number) {
  let until = deadlineMs
  let pausedAtMs: number | null = null
  let calls = 0
  return {
    check(): void {
      if (pausedAtMs !== null) {
        until += Date.now() - pausedAtMs
        pausedAtMs = null
      }
      if (++calls % checkEvery === 0 && Date.now() > until)
        fail('MaxTimeMSExpired', 'operation exceeded time limit')
    },
    pause(): void {
      pausedAtMs ??= Date.now()
    },
  }
}

function filtered(query: Query, rowsMax: number): Rows {
  const { plan, filter } = query
  const scan = openScan(query.collection, plan, rowsMax)
  const time = deadline(query.deadlineMs)
  const covered = plan.kind === 'index' && plan.covered
  const everything = covered || (filter.kind === 'and' && filter.of.length === 0)
  return {
    scan,
    isDone: () => false,
    pause() {
      time.pause()
      scan.pause()
    },
    next() {
      for (;;) {
        const row = scan.next()
        if (row === null) return null
        time.check()
        if (everything || filter.matches(Doc.over(row.bytes))) return row
      }
    },
  }
}

function* each(rows: Rows): Generator<Row & { doc: Doc }> {
  for (let row = rows.next(); row !== null; row = rows.next()) yield { ...row, doc: Doc.over(row.bytes) }
}

/** Sorted as a whole before the first row is given: the plan's order is another. */
function sorted(query: Query): Rows {
  const rows = filtered(query, Number.POSITIVE_INFINITY)
  const wanted = query.limit ? query.skip + query.limit : 0
  let all: Row[] | null = null
  let at = 0
  return {
    scan: rows.scan,
    isDone: () => all !== null && at >= all.length,
    pause: () => undefined,
    next() {
      all ??= sortAll(
        each(rows),
        documentOrder(query.sort, query.collator),
        wanted,
        (row) => row.bytes.length,
      )
      return all[at++] ?? null
    },
  }
}

/** The rows of a query: matched, in order, after skip and up to the limit. */
export function openRows(query: Query): Rows {
  const { skip, limit } = query
  const isExact = query.plan.kind === 'index' && query.plan.covered
  const rows =
    query.plan.sorted || query.sort.length === 0
      ? filtered(query, limit && isExact ? skip + limit : Number.POSITIVE_INFINITY)
      : sorted(query)
  let skipped = 0
  let given = 0
  return {
    scan: rows.scan,
    isDone: () => (limit > 0 && given >= limit) || rows.isDone(),
    pause: () => rows.pause(),
    next() {
      if (limit && given >= limit) return null
      while (skipped < skip) {
        if (rows.next() === null) return null
        skipped++
      }
      const row = rows.next()
      if (row !== null) given++
      return row
    },
  }
}

/** How many documents match, without reading them where the keys suffice. */
export function countRows(query: Query): number {
  const { plan, collection, skip, limit, filter } = query
  const window = (total: number): number =>
    Math.min(Math.max(0, total - skip), limit || Number.POSITIVE_INFINITY)
  if (plan.kind === 'index' && plan.covered) return window(countKeys(plan))
  if (plan.kind === 'collection' && filter.kind === 'and' && filter.of.length === 0)
    return window(collection.count())
  const rows = openRows({ ...query, sort: [] })
  let total = 0
  while (rows.next() !== null) total++
  return total
}
