import {
  type ClientSession,
  type Db,
  isDuplicateKey,
  majorityRead,
  safetyMajorityWrite,
  safetyMaxTimeMs,
} from '@heed/mongo'

/** Where a change came from: what was received word for word, from whom and when, or who did it and why. */
export interface SourceRecord {
  readonly src: string
  readonly cause: string
  readonly sentAt?: Date
  readonly actor?: string
  readonly note?: string
  readonly businessNumber?: string
  readonly message?: {
    readonly text: string
    readonly carrier: string
    readonly carrierAccount: string
    readonly carrierMessageId: string
    readonly receivedAt: Date
  }
  /** 32 random hex digits, made once; the ledger's commitments are keyed by it. */
  readonly salt: string
  readonly storedAt: Date
}

interface SourceDocument extends SourceRecord {
  readonly _id: string
  readonly a: string
}

export function sourceStore(db: Db) {
  const sources = db.collection<SourceDocument>('sources')
  const idOf = (a: string, src: string) => `${a}/${src}`
  return {
    /** Keeps each source once: of two that arrive together the first stays, with its salt. */
    async keep(a: string, records: readonly SourceRecord[]): Promise<void> {
      const documents = records.map((record) => ({ _id: idOf(a, record.src), a, ...record }))
      try {
        await sources.insertMany(documents, {
          ordered: false,
          writeConcern: safetyMajorityWrite,
          maxTimeMS: safetyMaxTimeMs,
        })
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
      }
    },

    async find(
      a: string,
      srcs: Iterable<string>,
      session?: ClientSession,
    ): Promise<Map<string, SourceRecord>> {
      const ids = [...new Set(srcs)].map((src) => idOf(a, src))
      if (ids.length === 0) return new Map()
      const found = await sources
        .find(
          { _id: { $in: ids }, a },
          {
            readConcern: majorityRead,
            maxTimeMS: safetyMaxTimeMs,
            batchSize: ids.length + 1,
            hint: { _id: 1 },
            ...(session ? { session } : {}),
          },
        )
        .toArray()
      return new Map(found.map((record) => [record.src, record]))
    },
  }
}
export type SourceStore = ReturnType<typeof sourceStore>
