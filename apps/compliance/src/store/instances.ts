import { type Db, ensureIndexes, majorityRead, majorityWrite, ordinaryMaxTimeMs } from '@heed/mongo'

interface InstanceDocument {
  readonly _id: string
  /** No account's, but the shard key that every collection has. */
  readonly a: '$instances'
  /** Raised for as long as the instance serves: whoever watches it needs no clock that agrees with any other. */
  readonly beats: number
  readonly at: Date
}

const a = '$instances' as const
const forgottenAfterSeconds = 24 * 60 * 60

/** Who serves from this database. */
export function instanceStore(db: Db) {
  const instances = db.collection<InstanceDocument>('instances')
  return {
    prepare: () => ensureIndexes(instances, [{ key: { at: 1 }, expireAfterSeconds: forgottenAfterSeconds }]),

    async beat(id: string, at: Date): Promise<void> {
      await instances.updateOne(
        { _id: id, a },
        { $inc: { beats: 1 }, $set: { at } },
        { upsert: true, writeConcern: majorityWrite },
      )
    },

    /** The beats of each instance ever seen here; those that rise between two calls serve. */
    async beats(): Promise<Map<string, number>> {
      const found = await instances
        .find({ a }, { readConcern: majorityRead, maxTimeMS: ordinaryMaxTimeMs })
        .toArray()
      return new Map(found.map(({ _id, beats }) => [_id, beats]))
    },
  }
}
export type InstanceStore = ReturnType<typeof instanceStore>
