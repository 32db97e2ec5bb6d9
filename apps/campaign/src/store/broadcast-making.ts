import { type Collection, majorityWrite } from '@heed/mongo'
import type { AccountId } from '@heed/phone'
import type { BroadcastDocument } from './broadcast-document.ts'

const durable = { writeConcern: majorityWrite } as const

export interface BroadcastId {
  readonly a: AccountId
  readonly id: string
}

/** How a broadcast comes to be, and what never became one goes away. */
export const broadcastMaking = (broadcasts: Collection<BroadcastDocument>) => ({
  async insert(broadcast: BroadcastDocument): Promise<void> {
    await broadcasts.insertOne(broadcast, durable)
  },

  /** All recipients are kept: from here on it is there. False where it was cleaned away meanwhile. */
  async prepared({ a, id }: BroadcastId): Promise<boolean> {
    const update = { $set: { state: 'draft' as const } }
    const { matchedCount } = await broadcasts.updateOne({ _id: id, a, state: 'preparing' }, update, durable)
    return matchedCount === 1
  },

  /** There when it resolves; repeating it changes nothing. */
  async ensureTrial({ _id, a, ...lane }: BroadcastDocument): Promise<void> {
    await broadcasts.updateOne({ _id, a }, { $setOnInsert: lane as object }, { ...durable, upsert: true })
  },

  /** From here on its recipients may be removed: whoever prepares it still will find it gone. */
  async giveUpPreparing({ a, id }: BroadcastId): Promise<void> {
    const update = { $set: { state: 'removing' as const } }
    await broadcasts.updateOne({ _id: id, a, state: 'preparing' }, update, durable)
  },

  async remove({ a, id }: BroadcastId): Promise<void> {
    await broadcasts.deleteOne({ _id: id, a, state: 'removing' }, durable)
  },
})
