import { type Collection, type Document, type IndexDescription, MongoServerError } from 'mongodb'

/** An index of that name or with these keys stands already, made otherwise. An operator decides. */
export class IndexConflictError extends Error {
  override name = 'IndexConflictError'
}

const conflicts = new Set([
  67, // CannotCreateIndex
  85, // IndexOptionsConflict
  86, // IndexKeySpecsConflict
])

/**
 * Creates the indexes that are missing; any number of instances may do so at once. Returns when they can be
 * relied on. An index that differs is left as it is and reported by an IndexConflictError.
 */
export async function ensureIndexes<Row extends Document>(
  collection: Collection<Row>,
  specs: readonly IndexDescription[],
): Promise<void> {
  if (specs.length === 0) return
  try {
    await collection.createIndexes([...specs])
  } catch (error) {
    if (!(error instanceof MongoServerError) || !conflicts.has(Number(error.code))) throw error
    throw new IndexConflictError(`the indexes of ${collection.namespace} cannot be made as they should be`, {
      cause: error,
    })
  }
}
