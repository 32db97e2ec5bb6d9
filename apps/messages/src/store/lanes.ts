import { type Db, majorityWrite } from '@heed/mongo'
import { closedLane, type LaneDocument } from '@heed/outbound'
import type { AccountId } from '@heed/phone'

/** Every text of an account goes in one lane, which is open for good and named like the account. */
export function openLanes(db: Db) {
  const collection = db.collection<LaneDocument>('lanes')
  return {
    collection,

    /** There when it resolves; repeated it changes nothing. */
    async ensure(a: AccountId): Promise<void> {
      const lane = { ...closedLane(null), open: true }
      await collection.updateOne(
        { _id: a, a },
        { $setOnInsert: { lane } },
        { upsert: true, writeConcern: majorityWrite },
      )
    },
  }
}

export type Lanes = ReturnType<typeof openLanes>
