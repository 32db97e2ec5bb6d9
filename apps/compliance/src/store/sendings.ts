import { type Db, isDuplicateKey, majorityRead, majorityWrite, ordinaryMaxTimeMs } from '@heed/mongo'
import type { Taken } from '../domain/caps.ts'

interface SendingsDocument {
  /** `<account>/<number>`. */
  readonly _id: string
  readonly a: string
  readonly n: string
  /** Raised by every write, which is made on the one that it has read. */
  readonly v: number
  readonly taken: readonly Taken[]
}

export interface Sendings {
  readonly n: string
  /** 0: there is no document yet. */
  readonly v: number
  readonly taken: readonly Taken[]
}

/** The texts that were let go to a number under a cap, of every service. It decides no consent. */
export function sendingsStore(db: Db) {
  const sendings = db.collection<SendingsDocument>('sendings')
  const idOf = (a: string, n: string) => `${a}/${n}`
  return {
    async find(a: string, numbers: readonly string[]): Promise<Map<string, Sendings>> {
      const ids = numbers.map((n) => idOf(a, n))
      const found = await sendings
        .find({ _id: { $in: ids }, a }, { readConcern: majorityRead, maxTimeMS: ordinaryMaxTimeMs })
        .toArray()
      const known = new Map(found.map(({ n, v, taken }) => [n, { n, v, taken }]))
      return new Map(numbers.map((n) => [n, known.get(n) ?? { n, v: 0, taken: [] }]))
    },

    /** Writes what nobody else has written since it was read; read again to know which stand. */
    async put(a: string, changed: readonly Sendings[]): Promise<void> {
      const writes = changed.map(({ n, v, taken }) => ({
        updateOne: {
          filter: { _id: idOf(a, n), a, v },
          update: { $set: { n, v: v + 1, taken: [...taken] } },
          upsert: v === 0,
        },
      }))
      try {
        await sendings.bulkWrite(writes, { ordered: false, writeConcern: majorityWrite })
      } catch (error) {
        // Somebody else made the document in that instant: theirs stands.
        if (!isDuplicateKey(error)) throw error
      }
    },
  }
}
export type SendingsStore = ReturnType<typeof sendingsStore>
