import {
  type Db,
  ensureIndexes,
  isDuplicateKey,
  majorityRead,
  ordinaryMaxTimeMs,
  safetyMajorityWrite,
  safetyMaxTimeMs,
} from '@heed/mongo'

export type ReviewState = 'open' | 'confirmed' | 'undone'

/** An opt-out that was read from free text, until a person has looked at it. */
export interface Review {
  /** The source of the opt-out, whose words `sources` keeps. */
  readonly src: string
  readonly n: string
  readonly state: ReviewState
  readonly openedAt: Date
  readonly decidedAt?: Date
  readonly decidedBy?: string
  readonly note?: string
}

interface ReviewDocument extends Review {
  readonly _id: string
  readonly a: string
}

/** One document for each opt-out read from free text. The block itself stands in the ledger and does not need it. */
export function reviewStore(db: Db) {
  const reviews = db.collection<ReviewDocument>('reviews')
  const idOf = (a: string, src: string) => `${a}/${src}`
  const read = { readConcern: majorityRead, maxTimeMS: ordinaryMaxTimeMs }
  return {
    prepare: () => ensureIndexes(reviews, [{ key: { a: 1, state: 1, openedAt: 1, _id: 1 } }]),

    /** Opens a review once: a repeated opt-out leaves what was decided. */
    async open(a: string, review: Pick<Review, 'src' | 'n' | 'openedAt'>): Promise<void> {
      const write = { writeConcern: safetyMajorityWrite, maxTimeMS: safetyMaxTimeMs }
      try {
        await reviews.insertOne({ _id: idOf(a, review.src), a, state: 'open', ...review }, write)
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
      }
    },

    find: (a: string, src: string): Promise<Review | null> => reviews.findOne({ _id: idOf(a, src), a }, read),

    /** The oldest first, from after one of them. */
    page(
      a: string,
      {
        state,
        after,
        limit,
      }: { state: ReviewState; after?: Pick<Review, 'openedAt' | 'src'>; limit: number },
    ): Promise<Review[]> {
      const beyond = after
        ? {
            $or: [
              { openedAt: { $gt: after.openedAt } },
              { openedAt: after.openedAt, _id: { $gt: idOf(a, after.src) } },
            ],
          }
        : {}
      return reviews
        .find({ a, state, ...beyond }, { ...read, sort: { openedAt: 1, _id: 1 }, limit })
        .toArray()
    },

    /** Whether this decision is the one that stands: the first for good. */
    async decide(
      a: string,
      src: string,
      decision: Required<Pick<Review, 'state' | 'decidedAt' | 'decidedBy'>> & Pick<Review, 'note'>,
    ): Promise<boolean> {
      const write = { writeConcern: safetyMajorityWrite, maxTimeMS: ordinaryMaxTimeMs }
      const { matchedCount } = await reviews.updateOne(
        { _id: idOf(a, src), a, state: 'open' },
        { $set: decision },
        write,
      )
      return matchedCount === 1
    },
  }
}
export type ReviewStore = ReturnType<typeof reviewStore>
