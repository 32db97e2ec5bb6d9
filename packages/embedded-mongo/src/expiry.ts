import { Doc } from './bson/doc.ts'
import { isNumeric, toDouble } from './bson/numeric.ts'
import type { Collection } from './storage/collection.ts'
import type { Engine } from './storage/engine.ts'
import type { Index } from './storage/index.ts'
import { after, encodeKey, typeMark } from './storage/key-encoding.ts'

/** Documents that one sweep takes from one index, so that other work is not kept waiting. */
const perSweep = 2000

function expire(collection: Collection, index: Index, seconds: number, nowMs: number): number {
  const until = new Date(nowMs - seconds * 1000)
  const descending = index.descending[0] === true
  const key = encodeKey([until], [descending])
  const mark = typeMark(until)
  const [from, to] = descending ? [key, Buffer.from([(~mark & 255) + 1])] : [Buffer.from([mark]), after(key)]
  const rows = index
    .prepared(`SELECT r FROM i${index.id} WHERE k >= ? AND k < ? LIMIT ${perSweep}`)
    .all(from, to) as unknown as [number][]
  for (const [record] of rows) {
    const bytes = collection.document(record)
    if (bytes) collection.remove(record, Doc.over(bytes))
  }
  return rows.length
}

/** Removes what TTL indexes say has expired; answers with how many documents went. */
export function expireDocuments(engine: Engine, nowMs: number): number {
  let removed = 0
  for (const collection of engine.all()) {
    for (const index of collection.indexes) {
      const seconds = index.spec.get('expireAfterSeconds')
      if (isNumeric(seconds)) removed += expire(collection, index, toDouble(seconds), nowMs)
    }
  }
  return removed
}
