import { type Db, majorityRead, majorityWrite, ordinaryMaxTimeMs } from '@heed/mongo'

interface RestoreDocument {
  readonly _id: string
  /** No account's, but the shard key that every collection has. */
  readonly a: '$restores'
  readonly begunAt: Date
  readonly endedAt?: Date
}

const a = '$restores' as const

/** The restores of this database, and whether one is under way: then nobody may serve from it. */
export function restoreStore(db: Db) {
  const restores = db.collection<RestoreDocument>('restores')
  const write = { writeConcern: majorityWrite }
  return {
    /** Opens a restore, or opens it again where it stood. */
    async begin(id: string, begunAt: Date): Promise<void> {
      await restores.updateOne(
        { _id: id, a },
        { $setOnInsert: { begunAt }, $unset: { endedAt: '' } },
        { ...write, upsert: true },
      )
    },

    /** Ends it, and with it every other that was left open: this one has done their work. */
    async end(endedAt: Date): Promise<void> {
      await restores.updateMany({ a, endedAt: { $exists: false } }, { $set: { endedAt } }, write)
    },

    async underWay(): Promise<string | null> {
      const found = await restores.findOne(
        { a, endedAt: { $exists: false } },
        { readConcern: majorityRead, maxTimeMS: ordinaryMaxTimeMs },
      )
      return found?._id ?? null
    },
  }
}
export type RestoreStore = ReturnType<typeof restoreStore>
