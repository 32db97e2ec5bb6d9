import {
  type Collection,
  type Db,
  isDuplicateKey,
  majorityRead,
  majorityWrite,
  ordinaryMaxTimeMs,
} from '@heed/mongo'

interface PollDocument {
  /** The carrier account. */
  readonly _id: string
  readonly a: '_'
  /** Everything that the carrier took in up to then was looked at. */
  readonly polledUntil?: Date
  readonly nextAt: Date
}

const a = '_' as const

/** How far the carrier's list of messages was read, over all instances and restarts. */
export function pollStore(db: Db) {
  const polls: Collection<PollDocument> = db.collection('polls')
  return {
    /** True for one instance in each interval. */
    async claim(carrierAccount: string, now: Date, everyMs: number): Promise<boolean> {
      const nextAt = new Date(now.getTime() + everyMs)
      try {
        const { matchedCount, upsertedCount } = await polls.updateOne(
          { _id: carrierAccount, a, nextAt: { $lte: now } },
          { $set: { nextAt } },
          { upsert: true, writeConcern: majorityWrite },
        )
        return matchedCount + upsertedCount === 1
      } catch (error) {
        if (isDuplicateKey(error)) return false
        throw error
      }
    },

    async polledUntil(carrierAccount: string): Promise<Date | null> {
      const found = await polls.findOne(
        { _id: carrierAccount, a },
        { readConcern: majorityRead, maxTimeMS: ordinaryMaxTimeMs },
      )
      return found?.polledUntil ?? null
    },

    async finish(carrierAccount: string, polledUntil: Date): Promise<void> {
      await polls.updateOne(
        { _id: carrierAccount, a },
        { $max: { polledUntil } },
        { writeConcern: majorityWrite },
      )
    },
  }
}
export type PollStore = ReturnType<typeof pollStore>
