import {
  type ClientSession,
  type Db,
  ensureIndexes,
  isDuplicateKey,
  majorityRead,
  ordinaryMaxTimeMs,
  safetyMajorityWrite,
  safetyMaxTimeMs,
} from '@heed/mongo'
import type { BlockState } from '../domain/entry.ts'

interface BlocklistDocument extends BlockState {
  readonly _id: string
  readonly a: string
}

export interface RowKey {
  readonly a: string
  readonly n: string
  readonly list: string
}

export function blocklistStore(db: Db) {
  const blocklist = db.collection<BlocklistDocument>('blocklist')
  const idOf = ({ a, n, list }: RowKey) => `${a}/${n}/${list}`
  const write = { writeConcern: safetyMajorityWrite, maxTimeMS: safetyMaxTimeMs }
  return {
    prepare: () => ensureIndexes(blocklist, [{ key: { a: 1, blocked: 1, n: 1, list: 1 } }]),

    /** The rows of some numbers on some lists, of any accounts, no older than what the session has seen. */
    async find(keys: readonly RowKey[], session: ClientSession): Promise<(BlockState & { a: string })[]> {
      if (keys.length === 0) return []
      const accounts = [...new Set(keys.map(({ a }) => a))]
      return blocklist
        .find(
          { _id: { $in: keys.map(idOf) }, a: { $in: accounts } },
          {
            session,
            readConcern: majorityRead,
            maxTimeMS: safetyMaxTimeMs,
            batchSize: keys.length + 1,
            hint: { _id: 1 },
          },
        )
        .toArray()
    },

    /** Adds rows of numbers that none stands of yet; a row that stands is left, whatever it says. */
    async add(a: string, rows: readonly BlockState[], session: ClientSession): Promise<'new' | 'some stood'> {
      const documents = rows.map((row) => ({ _id: idOf({ a, n: row.n, list: row.list }), a, ...row }))
      try {
        await blocklist.insertMany(documents, { ...write, session, ordered: false })
        return 'new'
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
        return 'some stood'
      }
    },

    /**
     * Puts whole rows where an older one or none stands; a newer one stays. Whether they stand now is for the
     * caller to read back: a duplicate key alone does not mean that a newer row is there.
     */
    async put(a: string, rows: readonly BlockState[], session: ClientSession): Promise<void> {
      const updates = (upsert: boolean) =>
        rows.map((row) => ({
          updateOne: {
            filter: { _id: idOf({ a, n: row.n, list: row.list }), a, rev: { $lt: row.rev } },
            update: { $set: row },
            upsert,
          },
        }))
      try {
        await blocklist.bulkWrite(updates(true), { ...write, session, ordered: false })
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
        await blocklist.bulkWrite(updates(false), { ...write, session, ordered: false })
      }
    },

    /** Blocked numbers in order, from after a number and list. */
    async page(
      a: string,
      options: { list?: string; after?: { n: string; list: string }; limit: number },
    ): Promise<BlockState[]> {
      const { list, after, limit } = options
      const beyond = after
        ? { $or: [{ n: { $gt: after.n } }, { n: after.n, list: { $gt: after.list } }] }
        : {}
      return blocklist
        .find(
          { a, blocked: true, ...(list ? { list } : {}), ...beyond },
          { readConcern: majorityRead, maxTimeMS: ordinaryMaxTimeMs, sort: { n: 1, list: 1 }, limit },
        )
        .toArray()
    },
  }
}
export type BlocklistStore = ReturnType<typeof blocklistStore>
