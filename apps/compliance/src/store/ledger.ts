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
import type { LedgerRow } from '../domain/ledger-rows.ts'

interface LedgerDocument extends LedgerRow {
  readonly _id: string
  readonly a: string
}

export function ledgerStore(db: Db) {
  const ledger = db.collection<LedgerDocument>('ledger')
  const idOf = (a: string, rev: number) => `${a}/${rev}`
  const read = { readConcern: majorityRead, maxTimeMS: safetyMaxTimeMs }
  return {
    prepare: () =>
      ensureIndexes(ledger, [
        { key: { a: 1, rev: 1 }, unique: true },
        // Unique, because one source decides once for a number on a list (E4); its prefix finds a source.
        { key: { a: 1, src: 1, list: 1, n: 1 }, unique: true },
        { key: { a: 1, n: 1, rev: 1 } },
      ]),

    /** Appends rows; a row that stands already is left. Whether it is the same row, `read` tells. */
    async append(
      a: string,
      rows: readonly LedgerRow[],
      session: ClientSession,
    ): Promise<'new' | 'some stood'> {
      const documents = rows.map((row) => ({ _id: idOf(a, row.rev), a, ...row }))
      try {
        await ledger.insertMany(documents, {
          ordered: false,
          session,
          writeConcern: safetyMajorityWrite,
          maxTimeMS: safetyMaxTimeMs,
        })
        return 'new'
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
        return 'some stood'
      }
    },

    /** Rows after a rev, in order. */
    async after(a: string, rev: number, limit: number, session?: ClientSession): Promise<LedgerRow[]> {
      const found = await ledger
        .find({ a, rev: { $gt: rev } }, { ...read, sort: { rev: 1 }, limit, ...(session ? { session } : {}) })
        .toArray()
      return found.map(withoutKeys)
    },

    async at(a: string, rev: number, session: ClientSession): Promise<LedgerRow | null> {
      const found = await ledger.findOne({ _id: idOf(a, rev), a }, { ...read, session })
      return found ? withoutKeys(found) : null
    },

    async bySources(a: string, srcs: readonly string[], session: ClientSession): Promise<LedgerRow[]> {
      const found = await ledger.find({ a, src: { $in: [...srcs] } }, { ...read, session }).toArray()
      return found.map(withoutKeys)
    },

    async byNumber(
      a: string,
      n: string,
      after: number,
      limit: number,
      session?: ClientSession,
    ): Promise<LedgerRow[]> {
      const inSession = session ? { session } : {}
      const slow = { readConcern: majorityRead, maxTimeMS: ordinaryMaxTimeMs, ...inSession }
      const found = await ledger
        .find({ a, n, rev: { $gt: after } }, { ...slow, sort: { rev: 1 }, limit })
        .toArray()
      return found.map(withoutKeys)
    },
  }
}
export type LedgerStore = ReturnType<typeof ledgerStore>

function withoutKeys({ _id, a, ...row }: LedgerDocument): LedgerRow {
  return row
}
