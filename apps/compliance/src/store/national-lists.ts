import { type Db, majorityRead, majorityWrite, ordinaryMaxTimeMs } from '@heed/mongo'

interface NationalListDocument {
  readonly _id: string
  /** No account's, but the shard key that every collection has. */
  readonly a: '$lists'
  /** The day that the registry's file is of. */
  readonly asOf: Date
  readonly importedAt: Date
  readonly source: string
}

export interface ImportedList {
  readonly list: string
  readonly asOf: Date
  readonly importedAt: Date
  readonly source: string
}

const a = '$lists' as const

/** How fresh the lists are that accounts share; their rows are on the blocklist. */
export function nationalListStore(db: Db) {
  const lists = db.collection<NationalListDocument>('nationalLists')
  return {
    async imported({ list, ...rest }: ImportedList): Promise<void> {
      await lists.updateOne({ _id: list, a }, { $set: rest }, { upsert: true, writeConcern: majorityWrite })
    },

    async all(): Promise<ImportedList[]> {
      const found = await lists
        .find({ a }, { readConcern: majorityRead, maxTimeMS: ordinaryMaxTimeMs, sort: { _id: 1 } })
        .toArray()
      return found.map(({ _id: list, asOf, importedAt, source }) => ({ list, asOf, importedAt, source }))
    },
  }
}
export type NationalListStore = ReturnType<typeof nationalListStore>
