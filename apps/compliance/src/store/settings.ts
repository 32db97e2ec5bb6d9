import {
  type Db,
  ensureIndexes,
  isDuplicateKey,
  majorityRead,
  majorityWrite,
  ordinaryMaxTimeMs,
} from '@heed/mongo'
import type { Settings } from '../schemas/accounts.ts'

interface SettingsDocument {
  readonly _id: string
  readonly a: string
  readonly version: number
  readonly settings: Settings
  readonly at: Date
  readonly by: string
}

/** One document a version; the highest stands. */
export function settingsStore(db: Db) {
  const versions = db.collection<SettingsDocument>('settings')
  return {
    prepare: () => ensureIndexes(versions, [{ key: { a: 1, version: -1 } }]),

    async latest(a: string): Promise<{ version: number; settings: Settings } | null> {
      const options = {
        readConcern: majorityRead,
        maxTimeMS: ordinaryMaxTimeMs,
        sort: { version: -1 as const },
      }
      const found = await versions.findOne({ a }, options)
      return found ? { version: found.version, settings: found.settings } : null
    },

    /** False: this version stands already, so somebody else was first. */
    async add(
      a: string,
      version: number,
      change: Pick<SettingsDocument, 'settings' | 'at' | 'by'>,
    ): Promise<boolean> {
      try {
        await versions.insertOne(
          { _id: `${a}/${version}`, a, version, ...change },
          { writeConcern: majorityWrite },
        )
        return true
      } catch (error) {
        if (isDuplicateKey(error)) return false
        throw error
      }
    },
  }
}
export type SettingsStore = ReturnType<typeof settingsStore>
