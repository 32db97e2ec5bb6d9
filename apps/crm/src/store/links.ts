import { type Db, ensureIndexes, isDuplicateKey, majorityRead, majorityWrite } from '@heed/mongo'
import type { AccountId, PhoneNumber } from '@heed/phone'

export interface LinkDocument {
  /** `hs_<portal>` or `wh_<random>`. */
  readonly _id: string
  readonly a: AccountId
  readonly kind: 'hubspot' | 'webhook'
  readonly name: string
  /** The business number that it texts from. */
  readonly from: PhoneNumber
  /** Keys, sealed for this link; empty once it is closed. */
  readonly sealed: string
  /** HubSpot's subscription type for texts; null: nothing is written back. */
  readonly subscriptionId: number | null
  /** The contact property by which HubSpot says that somebody wants no texts; null: it is not heard. */
  readonly optOutProperty: string | null
  /** Which country a number without its code is of. */
  readonly country: string | null
  /** Where a generic CRM is told of opt-outs and opt-ins; null: nowhere. */
  readonly url: string | null
  /** The last change of consent that was taken over; null: none yet. */
  readonly mark: { readonly epoch: string; readonly rev: number } | null
  readonly createdAt: Date
  readonly closedAt: Date | null
}

const durable = { writeConcern: majorityWrite } as const
const read = { readConcern: majorityRead } as const

export async function openLinks(db: Db) {
  const links = db.collection<LinkDocument>('links')
  await ensureIndexes(links, [
    { name: 'account', key: { a: 1, _id: 1 } },
    { name: 'open', key: { closedAt: 1, _id: 1 } },
  ])
  return {
    /** False where another account has this link, open or closed. An account's own is replaced. */
    async put(link: LinkDocument): Promise<boolean> {
      const { _id, a, ...rest } = link
      try {
        await links.updateOne({ _id, a }, { $set: rest }, { upsert: true, ...durable })
        return true
      } catch (error) {
        if (isDuplicateKey(error)) return false
        throw error
      }
    },

    /** Whoever's it is: a call of a CRM names no account. Closed ones are not found. */
    open: (id: string): Promise<LinkDocument | null> => links.findOne({ _id: id, closedAt: null }, read),

    of: (a: AccountId): Promise<LinkDocument[]> =>
      links.find({ a }, read).sort({ _id: 1 }).limit(100).toArray(),

    /** Open ones of all accounts, in order of id. */
    allAfter: (id: string, limit: number): Promise<LinkDocument[]> =>
      links
        .find({ closedAt: null, _id: { $gt: id } }, read)
        .sort({ _id: 1 })
        .limit(limit)
        .toArray(),

    /** Its keys are gone with it. False where the account has no such open link. */
    async close(a: AccountId, id: string, now: Date): Promise<boolean> {
      const closing = { $set: { closedAt: now, sealed: '' } }
      const { matchedCount } = await links.updateOne({ _id: id, a, closedAt: null }, closing, durable)
      return matchedCount === 1
    },

    async raise({ _id, a }: LinkDocument, mark: { epoch: string; rev: number }): Promise<void> {
      await links.updateOne({ _id, a }, { $set: { mark } }, durable)
    },
  }
}
export type Links = Awaited<ReturnType<typeof openLinks>>
