import {
  type Collection,
  type Db,
  ensureIndexes,
  majorityRead,
  majorityWrite,
  ordinaryMaxTimeMs,
} from '@heed/mongo'
import { InboundMessage } from '../domain/inbound-message.ts'

/**
 * `unowned`: nobody owns the business number yet. `unusable`: sender or business number is no E.164 number.
 * `refused`: compliance will not take it as it is. The last two wait for a person.
 */
export type KeptBecause = 'unowned' | 'unusable' | 'refused'

interface KeptDocument {
  /** The carrier's message id. */
  readonly _id: string
  /** Nobody's, like the business number: the shard key that every collection has. */
  readonly a: '_'
  readonly because: KeptBecause
  readonly to: string
  readonly message: InboundMessage
  readonly keptAt: Date
}

const a = '_' as const
const countedMax = 10_000
const read = { readConcern: majorityRead, maxTimeMS: ordinaryMaxTimeMs }

/** The durable list of what could not be committed to any account: nothing leaves it but by being committed. */
export function keptMessageStore(db: Db) {
  const kept: Collection<KeptDocument> = db.collection('kept')
  return {
    prepare: () => ensureIndexes(kept, [{ key: { a: 1, because: 1, to: 1, keptAt: 1 } }]),

    /** Durable when it resolves: written to a majority, in their journals. Idempotent by message id. */
    async keep(message: InboundMessage, because: KeptBecause, keptAt: Date): Promise<'kept' | 'known'> {
      const { upsertedCount } = await kept.updateOne(
        { _id: message.id, a },
        { $setOnInsert: { because, to: message.to, message, keptAt } },
        { upsert: true, writeConcern: majorityWrite },
      )
      return upsertedCount === 1 ? 'kept' : 'known'
    },

    /** The business numbers that texts are kept for until somebody owns them. */
    async unownedNumbers(): Promise<string[]> {
      return kept.distinct('to', { a, because: 'unowned' }, read)
    },

    /** What is kept for a business number, oldest first, at most a hundred. */
    async unownedOf(to: string): Promise<InboundMessage[]> {
      const found = await kept
        .find({ a, because: 'unowned', to }, { ...read, sort: { keptAt: 1 }, limit: 100 })
        .toArray()
      return found.map(({ message }) => InboundMessage.parse(message))
    },

    async release(id: string): Promise<void> {
      await kept.deleteOne({ _id: id, a }, { writeConcern: majorityWrite })
    },

    /** How many are kept, by reason; at most ten thousand are counted. */
    async counts(): Promise<Record<KeptBecause, number>> {
      const counts = { unowned: 0, unusable: 0, refused: 0 }
      const found = kept.find({ a }, { ...read, projection: { because: 1 }, limit: countedMax })
      for await (const { because } of found) counts[because] += 1
      return counts
    },
  }
}
export type KeptMessageStore = ReturnType<typeof keptMessageStore>
