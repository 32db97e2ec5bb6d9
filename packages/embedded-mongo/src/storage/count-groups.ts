import { Doc } from '../bson/doc.ts'
import type { Value } from '../bson/value.ts'
import type { IndexPlan } from '../query/planner.ts'
import type { Collection } from './collection.ts'
import { after, encodeKey } from './key-encoding.ts'
import { asBuffer } from './records.ts'

export type GroupCount = { readonly value: Value; readonly count: number }

/**
 * How many documents under a covered plan share each value of the field behind those that the plan fixes: of each
 * group one document is read, the others are counted by their keys. Null where the keys do not tell.
 */
export function groupCounts(collection: Collection, plan: IndexPlan, field: string): GroupCount[] | null {
  const { index, covered, fixed, ranges } = plan
  const [range] = ranges
  const part = index.parts[fixed]
  if (!covered || index.multikey || ranges.length !== 1 || !range) return null
  // A range that begins anywhere but where the fixed fields end is bounded by this field too.
  if (part?.path !== field || field.includes('.') || !range.to.equals(after(range.from))) return null
  const first = `SELECT c.d FROM i${index.id} i CROSS JOIN c${collection.id} c ON c.r = i.r WHERE i.k >= ? AND i.k < ? ORDER BY i.k LIMIT 1`
  const total = `SELECT count(*) FROM i${index.id} WHERE k >= ? AND k < ?`
  const one = <Row>(sql: string, from: Buffer, to: Buffer) =>
    index.prepared(sql).get(from, to) as unknown as Row | undefined
  const groups: GroupCount[] = []
  for (let from = range.from; ; ) {
    const row = one<[Uint8Array]>(first, from, range.to)
    if (!row) return groups
    const value = Doc.over(asBuffer(row[0])).get(field) ?? null
    const key = Buffer.concat([range.from, encodeKey([value], [part.descending])])
    const end = after(key)
    groups.push({ value, count: one<[number]>(total, key, end)?.[0] ?? 0 })
    from = end
  }
}
