import type { Random } from '../world/random.ts'
import type { Doc } from './documents.ts'
import type { Filter } from './matcher.ts'
import { everything } from './node.ts'
import type { Primary } from './server.ts'
import { type Update, updated, upsertBase } from './update.ts'

export interface Written {
  matchedCount: number
  modifiedCount: number
  upsertedCount: number
  deletedCount: number
  insertedCount: number
  last: Doc | null
  readonly refused: { code: number; index: number }[]
}

export const duplicateKey = 11_000

export const nothingWritten = (): Written => ({
  matchedCount: 0,
  modifiedCount: 0,
  upsertedCount: 0,
  deletedCount: 0,
  insertedCount: 0,
  last: null,
  refused: [],
})

/** False where a unique index refused it. */
export function put(primary: Primary, collection: string, doc: Doc, written: Written, index = 0): boolean {
  if (primary.member.breaksUnique(collection, doc)) {
    written.refused.push({ code: duplicateKey, index })
    return false
  }
  primary.write(doc._id as string, doc)
  written.last = doc
  return true
}

export function insertStep(collection: string, doc: Doc, index: number, written: Written) {
  return (primary: Primary): void => {
    if (primary.member.get(collection, doc._id as string, everything) !== null)
      written.refused.push({ code: duplicateKey, index })
    else if (put(primary, collection, doc, written, index)) written.insertedCount += 1
  }
}

export function removeStep(collection: string, filter: Filter, written: Written) {
  return (primary: Primary): void => {
    for (const doc of primary.member.find(collection, filter, everything)) {
      primary.write(doc._id as string, null)
      written.deletedCount += 1
    }
  }
}

interface UpdateStep {
  readonly collection: string
  readonly random: Random
  readonly filter: Filter
  readonly update: Update
  readonly upsert: boolean
  readonly index: number
}

/**
 * One update. An upsert whose filter is not all equalities may find nothing, insert a moment later, and be refused
 * because somebody else did meanwhile; MongoDB tries that again by itself only for equalities.
 */
export function updateStep(given: UpdateStep, written: Written) {
  const { collection, random, filter, update, upsert, index } = given
  const isApart =
    upsert && Object.values(filter).some((value) => typeof value === 'object') && random.chance(0.3)
  let isInserting = false
  return (primary: Primary): undefined | 'apart' => {
    const options = { now: primary.now, isInsert: false }
    const [doc] = isInserting ? [] : primary.member.find(collection, filter, everything)
    if (doc) {
      written.matchedCount += 1
      written.modifiedCount += 1
      put(primary, collection, updated(doc, update, options), written, index)
    } else if (upsert) {
      if (isApart && !isInserting) {
        isInserting = true
        return 'apart'
      }
      const made = updated(upsertBase(filter), update, { ...options, isInsert: true })
      insertStep(collection, made, index, written)(primary)
      written.upsertedCount += 1
    }
    return undefined
  }
}
