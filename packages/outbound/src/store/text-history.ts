import { type Collection, majorityRead, ordinaryMaxTimeMs } from '@heed/mongo'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { readText, type StoredText, type TextDocument } from './text-document.ts'

/** A place in texts from the newest to the oldest. */
export interface BeforeText {
  readonly at: Date
  readonly id: string
}

/** A text, and when it happened: when it was handed over, ended or, where it still waits, was made. */
export interface PastText {
  readonly at: Date
  readonly text: TextDocument
}

/** Reads texts as somebody does who looks back. */
export const textHistory = (texts: Collection<StoredText>) => ({
  /** A number's texts, the newest first, before a place. All of a number's are looked at: hundreds, not millions. */
  async ofNumber(
    a: AccountId,
    number: PhoneNumber,
    before: BeforeText | null,
    textsMax: number,
  ): Promise<PastText[]> {
    const happened = { $ifNull: ['$writtenAt', { $ifNull: ['$settledAt', '$createdAt'] }] }
    const found = await texts
      .aggregate<StoredText & { at: Date }>(
        [
          { $match: { a, number } },
          { $addFields: { at: happened } },
          ...(before === null ? [] : [{ $match: earlier('at', before) }]),
          { $sort: { at: -1, _id: -1 } },
          { $limit: textsMax },
        ],
        { readConcern: majorityRead, maxTimeMS: ordinaryMaxTimeMs, hint: { a: 1, number: 1 } },
      )
      .toArray()
    return found.map(({ at, ...text }) => ({ at, text: readText(text as StoredText) }))
  },

  /** An account's texts, the newest made first. The app keeps an index on account, createdAt and id for it. */
  async newest(a: AccountId, before: BeforeText | null, textsMax: number): Promise<TextDocument[]> {
    const found = await texts
      .find(
        { a, ...(before === null ? {} : earlier('createdAt', before)) },
        { readConcern: majorityRead, maxTimeMS: ordinaryMaxTimeMs },
      )
      .sort({ createdAt: -1, _id: -1 })
      .limit(textsMax)
      .toArray()
    return found.map(readText)
  },
})

function earlier(field: 'at' | 'createdAt', { at, id }: BeforeText) {
  return { [field]: { $lte: at }, $or: [{ [field]: { $lt: at } }, { _id: { $lt: id } }] }
}
