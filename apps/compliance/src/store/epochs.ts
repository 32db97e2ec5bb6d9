import { type Db, majorityRead, majorityWrite } from '@heed/mongo'
import { type Head, nationalLists } from './heads.ts'

/** The heads as a restore sees them: every account's, each to be given another epoch. */
export function epochStore(db: Db) {
  const heads = db.collection<Head>('heads')
  return {
    /** Every account that has a head, in order. */
    async accounts(): Promise<string[]> {
      const found = await heads
        .find(
          { _id: { $ne: nationalLists } },
          { projection: { _id: 1 }, readConcern: majorityRead, sort: { _id: 1 } },
        )
        .toArray()
      return found.map(({ _id }) => _id)
    },

    /**
     * Begins another life of an account's revs, which go on. NATS is told again from the last rev on, so that
     * every subscriber hears of the new epoch. False: the head has changed meanwhile.
     */
    async start(basis: Head, epoch: string, restore: string): Promise<boolean> {
      const { a, epoch: before, rev } = basis
      const published = Math.min(basis.published, Math.max(0, rev - 1))
      const { matchedCount } = await heads.updateOne(
        { _id: a, a, epoch: before, rev },
        { $set: { epoch, restore, published } },
        { writeConcern: majorityWrite },
      )
      return matchedCount === 1
    },
  }
}
export type EpochStore = ReturnType<typeof epochStore>
