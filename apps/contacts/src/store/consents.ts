import { type Db, ensureIndexes, isDuplicateKey, majorityRead, majorityWrite } from '@heed/mongo'
import type { AccountId } from '@heed/phone'

const durable = { writeConcern: majorityWrite } as const
const committed = { readConcern: majorityRead } as const

/** How a number stands on a list, as of the change with this rev of this epoch. */
export interface ConsentRow {
  readonly n: string
  readonly list: string
  readonly blocked: boolean
  readonly epoch: string
  readonly rev: number
  readonly since: Date
  readonly cause: string
}

type ConsentDocument = ConsentRow & { readonly _id: string; readonly a: AccountId }

/** Up to where an account's changes were taken over. */
export interface Watermark {
  readonly epoch: string
  readonly rev: number
}

type WatermarkDocument = Watermark & { readonly _id: AccountId; readonly at: Date }

/** The projection of consent that lists and filters read. It decides no send. */
export async function openConsentStore(db: Db) {
  const rows = db.collection<ConsentDocument>('consents')
  const marks = db.collection<WatermarkDocument>('watermarks')
  await ensureIndexes(rows, [
    { name: 'number', key: { a: 1, n: 1 } },
    { name: 'epoch', key: { a: 1, epoch: 1 } },
  ])
  return {
    async watermark(a: AccountId): Promise<(Watermark & { at: Date }) | null> {
      return marks.findOne({ _id: a }, committed)
    },

    /** Takes newer rows over and leaves newer ones that stand; it may be repeated, by several copies at once. */
    async put(a: AccountId, changes: readonly ConsentRow[]): Promise<void> {
      if (changes.length === 0) return
      const writes = changes.map((row) => ({
        updateOne: {
          filter: {
            _id: `${a}/${row.n}/${row.list}`,
            $or: [{ epoch: { $ne: row.epoch } }, { rev: { $lt: row.rev } }],
          },
          update: { $set: { a, ...row } },
          upsert: true,
        },
      }))
      try {
        await rows.bulkWrite(writes, { ...durable, ordered: false })
      } catch (error) {
        // What stands is newer: the upsert then fails on the id, and nothing is lost by it.
        if (!isDuplicateKey(error)) throw error
      }
    },

    /** Everything up to this rev has been taken over. An older mark never follows a newer one of its epoch. */
    async raise(a: AccountId, { epoch, rev }: Watermark, at: Date): Promise<void> {
      const older = { _id: a, $or: [{ epoch: { $ne: epoch } }, { rev: { $lte: rev } }] }
      try {
        await marks.updateOne(older, { $set: { epoch, rev, at } }, { ...durable, upsert: true })
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
      }
    },

    /** Numbers of which only an epoch that ended knew something. */
    async leftBehind(a: AccountId, epoch: string, numbersMax: number): Promise<string[]> {
      const found = await rows
        .find({ a, epoch: { $ne: epoch } }, committed)
        .limit(numbersMax)
        .toArray()
      return found.map(({ n }) => n)
    },

    async forget(a: AccountId, epoch: string, numbers: readonly string[]): Promise<void> {
      await rows.deleteMany({ a, epoch: { $ne: epoch }, n: { $in: [...numbers] } }, durable)
    },

    /** The lists on which each of these numbers is blocked. */
    async blocked(a: AccountId, numbers: readonly string[]): Promise<ConsentRow[]> {
      if (numbers.length === 0) return []
      return rows.find({ a, n: { $in: [...numbers] }, blocked: true }, committed).toArray()
    },
  }
}
export type ConsentStore = Awaited<ReturnType<typeof openConsentStore>>
