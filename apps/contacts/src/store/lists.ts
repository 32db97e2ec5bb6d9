import { type Db, ensureIndexes, majorityRead, majorityWrite } from '@heed/mongo'
import type { AccountId } from '@heed/phone'
import type { Filter } from '../domain/filter.ts'

const durable = { writeConcern: majorityWrite } as const
const committed = { readConcern: majorityRead } as const

export interface ListDocument {
  readonly _id: string
  readonly a: AccountId
  readonly name: string
  /** Null: a static list, whose members are named one by one. */
  readonly filter: Filter | null
  readonly createdAt: Date
}

export async function openListStore(db: Db) {
  const lists = db.collection<ListDocument>('lists')
  await ensureIndexes(lists, [{ name: 'account', key: { a: 1, _id: 1 } }])
  return {
    async insert(list: ListDocument): Promise<void> {
      await lists.insertOne(list, durable)
    },

    find(a: AccountId, id: string): Promise<ListDocument | null> {
      return lists.findOne({ _id: id, a }, committed)
    },

    findAll(a: AccountId, ids: readonly string[]): Promise<ListDocument[]> {
      if (ids.length === 0) return Promise.resolve([])
      return lists.find({ a, _id: { $in: [...ids] } }, committed).toArray()
    },

    async setFilter(a: AccountId, id: string, filter: Filter): Promise<ListDocument | null> {
      return lists.findOneAndUpdate(
        { _id: id, a, filter: { $ne: null } },
        { $set: { filter } },
        { ...durable, returnDocument: 'after' },
      )
    },

    page(a: AccountId, after: string | null, limit: number): Promise<ListDocument[]> {
      return lists
        .find({ a, ...(after === null ? {} : { _id: { $gt: after } }) }, committed)
        .sort({ _id: 1 })
        .limit(limit)
        .toArray()
    },
  }
}
export type ListStore = Awaited<ReturnType<typeof openListStore>>
