import { type Db, isDuplicateKey, majorityRead, majorityWrite } from '@heed/mongo'
import type { AccountId } from '@heed/phone'

const durable = { writeConcern: majorityWrite } as const

interface MarkDocument {
  readonly _id: AccountId
  /** Of `contacts.changes`; null: before the first. */
  readonly cursor: string | null
}

/** Up to where each account's changes of contacts have been followed. */
export function openMarks(db: Db) {
  const marks = db.collection<MarkDocument>('people_marks')
  return {
    find(a: AccountId): Promise<MarkDocument | null> {
      return marks.findOne({ _id: a }, { readConcern: majorityRead })
    },

    /** Where nothing was followed before, here is where it begins. */
    async begin(a: AccountId, cursor: string | null): Promise<void> {
      await marks
        .updateOne({ _id: a }, { $setOnInsert: { cursor } }, { ...durable, upsert: true })
        .catch((error: unknown) => {
          if (!isDuplicateKey(error)) throw error
        })
    },

    /** Only from where it was read: another copy may have come further. */
    async raise(a: AccountId, from: string | null, cursor: string): Promise<void> {
      await marks.updateOne({ _id: a, cursor: from }, { $set: { cursor } }, durable)
    },
  }
}
export type Marks = ReturnType<typeof openMarks>
