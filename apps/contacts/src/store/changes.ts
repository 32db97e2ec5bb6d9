import type { ContactChange } from '@heed/events'
import { type Db, ensureIndexes, isDuplicateKey, majorityRead, majorityWrite } from '@heed/mongo'
import type { AccountId } from '@heed/phone'

const durable = { writeConcern: majorityWrite } as const
const committed = { readConcern: majorityRead } as const
const attemptsMax = 20
const keptMs = 30 * 24 * 60 * 60 * 1_000
/** An account's old changes are dropped each time its rev passes a multiple of this. */
const dropEvery = 64

/** Some changes under one rev. Revs of an account have no holes; `id` tells a rev from the same one before a restore. */
export interface ChangeDocument {
  readonly _id: string
  readonly a: AccountId
  readonly rev: number
  readonly id: string
  readonly at: Date
  readonly contacts: readonly ContactChange[]
  /** Not published yet. */
  readonly due?: true
}

/** A contact that is to go, or has gone, and of which others have not been told. */
export interface GoneDocument {
  /** The contact's id. */
  readonly _id: string
  readonly a: AccountId
  readonly into: string | null
}

/**
 * What is told of contacts, in one order an account. Relies on two guarantees of MongoDB: a unique index lets one
 * writer have a rev, and an ordered insert stops at the first that is refused, so a rev stands after all before it.
 */
export async function openChangeStore(db: Db) {
  const changes = db.collection<ChangeDocument>('changes')
  const gone = db.collection<GoneDocument>('gone')
  await ensureIndexes(changes, [
    { name: 'rev', key: { a: 1, rev: 1 }, unique: true },
    { name: 'age', key: { a: 1, at: 1 } },
    { name: 'due', key: { due: 1 }, sparse: true },
  ])
  const head = async (a: AccountId): Promise<ChangeDocument | null> =>
    (await changes.find({ a }, committed).sort({ a: -1, rev: -1 }).limit(1).toArray())[0] ?? null

  const drop = async (a: AccountId, rev: number, now: Date) => {
    const old = { a, at: { $lt: new Date(now.getTime() - keptMs) }, rev: { $lt: rev } }
    await changes.deleteMany(old, durable)
  }
  return {
    head,

    /** Puts packs of changes behind the last one, by any number of copies at once. */
    async append(a: AccountId, packs: readonly ContactChange[][], newId: () => string, at: Date) {
      let rest = packs.map((contacts) => ({ id: newId(), contacts }))
      for (let attempt = 0; attempt < attemptsMax; attempt++) {
        const from = ((await head(a))?.rev ?? 0) + 1
        const documents = rest.map((pack, index) => documentOf(a, from + index, pack, at))
        const refused = await changes.insertMany(documents, { ...durable, ordered: true }).then(
          () => [],
          async (error: unknown) => {
            if (!isDuplicateKey(error)) throw error
            const stand = await changes.find({ a, rev: { $gte: from } }, committed).toArray()
            const ids = new Set(stand.map(({ id }) => id))
            return rest.filter(({ id }) => !ids.has(id))
          },
        )
        const last = from + rest.length - 1
        rest = refused
        if (rest.length > 0) continue
        if (Math.floor(last / dropEvery) > Math.floor((from - 1) / dropEvery)) await drop(a, last, at)
        return
      }
      throw new Error('others kept appending changes of the account')
    },

    async at(a: AccountId, rev: number): Promise<ChangeDocument | null> {
      return changes.findOne({ a, rev }, committed)
    },

    async after(a: AccountId, rev: number, changesMax: number): Promise<ChangeDocument[]> {
      return changes
        .find({ a, rev: { $gt: rev } }, committed)
        .sort({ a: 1, rev: 1 })
        .limit(changesMax)
        .toArray()
    },

    async unpublished(changesMax: number): Promise<ChangeDocument[]> {
      return changes.find({ due: true }, committed).limit(changesMax).toArray()
    },

    async published(ids: readonly string[]): Promise<void> {
      if (ids.length === 0) return
      await changes.updateMany({ _id: { $in: [...ids] } }, { $unset: { due: true } } as object, durable)
    },

    /** Durable before the contact goes: from here on it goes, whatever crashes. Repeating it changes nothing. */
    async going(contact: GoneDocument): Promise<void> {
      const { _id, a, into } = contact
      await gone.updateOne({ _id, a }, { $setOnInsert: { into } }, { ...durable, upsert: true })
    },

    async gone(contactsMax: number): Promise<GoneDocument[]> {
      return gone.find({}, committed).limit(contactsMax).toArray()
    },

    async goneTold(ids: readonly string[]): Promise<void> {
      if (ids.length > 0) await gone.deleteMany({ _id: { $in: [...ids] } }, durable)
    },
  }
}
export type ChangeStore = Awaited<ReturnType<typeof openChangeStore>>

function documentOf(
  a: AccountId,
  rev: number,
  { id, contacts }: { id: string; contacts: ContactChange[] },
  at: Date,
): ChangeDocument {
  return { _id: `${a}/${rev}`, a, rev, id, at, contacts, due: true }
}
