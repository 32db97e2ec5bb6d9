import { Doc } from '../bson/doc.ts'
import { wholeNumber } from '../bson/numeric.ts'
import type { Maybe, Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { type Collection, fullName } from '../storage/collection.ts'
import { type Command, int, namespaceOf } from './request.ts'

function bytesOf(collection: Collection): number {
  return (
    collection.prepared(`SELECT coalesce(sum(length(d)), 0) FROM c${collection.id}`).get() as unknown as [
      number,
    ]
  )[0]
}

/** Counts and sizes of a collection, as `collStats` names them. */
export function collectionSizes(collection: Collection): { count: Value; sizes: Record<string, Maybe> } {
  const [documents, bytes] = [collection.count(), bytesOf(collection)]
  const count = wholeNumber(documents)
  const average = documents ? wholeNumber(Math.round(bytes / documents)) : undefined
  const sizes = {
    count,
    size: wholeNumber(bytes),
    avgObjSize: average,
    storageSize: wholeNumber(bytes),
    nindexes: int(collection.indexes.length),
    capped: false,
  }
  return { count, sizes }
}

export const collStats: Command = {
  fields: ['scale', 'waitForLastStableRecoveryTimestamp'],
  run(request) {
    const namespace = namespaceOf(request)
    const collection = request.engine.find(namespace)
    const empty = { count: int(0), size: int(0), storageSize: int(0), nindexes: int(0) }
    return Doc.of({
      ns: fullName(namespace),
      ...(collection ? collectionSizes(collection).sizes : empty),
      ok: undefined,
    })
  },
}

export const dbStats: Command = {
  fields: ['scale', 'freeStorage'],
  run(request) {
    const collections = request.engine.all().filter(({ namespace }) => namespace.db === request.db)
    const sum = (of: (collection: Collection) => number): Value =>
      wholeNumber(collections.reduce((total, each) => total + of(each), 0))
    return Doc.of({
      db: request.db,
      collections: int(collections.length),
      views: int(0),
      objects: sum((each) => each.count()),
      dataSize: sum(bytesOf),
      storageSize: sum(bytesOf),
      indexes: sum((each) => each.indexes.length),
    })
  },
}

export const validate: Command = {
  fields: ['full', 'repair', 'metadata', 'checkBSONConformance', 'background', 'fixMultikey'],
  run(request) {
    const namespace = namespaceOf(request)
    const collection = request.engine.find(namespace)
    if (!collection)
      return fail('NamespaceNotFound', `Collection '${fullName(namespace)}' does not exist to validate.`)
    const wrong = request.engine.db
      .prepare('PRAGMA quick_check')
      .all()
      .map((row) => String(Object.values(row)[0]))
      .filter((line) => line !== 'ok')
    return Doc.of({
      ns: fullName(namespace),
      nrecords: wholeNumber(collection.count()),
      nIndexes: int(collection.indexes.length),
      valid: wrong.length === 0,
      warnings: [],
      errors: wrong,
    })
  },
}
