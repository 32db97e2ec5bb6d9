import type { DatabaseSync } from 'node:sqlite'

/** Part of a batch; runs inside its transaction. */
export type Write = () => void

interface Waiting {
  readonly write: Write
  readonly done: PromiseWithResolvers<void>
}

/**
 * Commits all that one turn of the event loop wants to write as one transaction, so that the number of
 * messages a second is not the number of transactions a second.
 */
export function writeBatches(db: DatabaseSync) {
  let waiting: Waiting[] = []

  const flush = () => {
    const batch = waiting
    waiting = []
    if (batch.length === 0) return
    try {
      db.exec('BEGIN')
      for (const { write } of batch) write()
      db.exec('COMMIT')
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      for (const { done } of batch) done.reject(error)
      return
    }
    for (const { done } of batch) done.resolve()
  }

  return {
    /** Resolves when the write is committed: it then outlives the process, not the machine. */
    write(write: Write): Promise<void> {
      const done = Promise.withResolvers<void>()
      if (waiting.push({ write, done }) === 1) setImmediate(flush)
      return done.promise
    },
    flush,
  }
}
