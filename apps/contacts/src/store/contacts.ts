import {
  type Collection,
  type Db,
  ensureIndexes,
  isDuplicateKey,
  majorityRead,
  majorityWrite,
  type Filter as Query,
} from '@heed/mongo'
import type { AccountId } from '@heed/phone'
import type { Contact } from '../domain/contact.ts'
import type { PlainFilter } from '../domain/filter.ts'
import { dueContacts } from './due-contacts.ts'
import { queryOf, wordQuery } from './filter-query.ts'

const durable = { writeConcern: majorityWrite } as const
const committed = { readConcern: majorityRead } as const

export interface ContactKey {
  readonly a: AccountId
  readonly id: string
}

/** Which contacts of an account, from where on. */
export interface PageOf {
  readonly filter: PlainFilter
  /** The beginning of a word of the name or of a field. */
  readonly word: string | null
  readonly after: string | null
  readonly limit: number
}

/**
 * Contacts with what they are found by. Relies on two guarantees of MongoDB: an update of one document is atomic, and
 * a majority read sees every majority write that was acknowledged before it.
 */
export async function openContactStore(db: Db) {
  const contacts: Collection<Contact> = db.collection<Contact>('contacts')
  await ensureIndexes(contacts, [
    { name: 'account', key: { a: 1, _id: 1 } },
    { name: 'number', key: { a: 1, numbers: 1 } },
    { name: 'tag', key: { a: 1, tagKeys: 1, _id: 1 } },
    { name: 'field', key: { a: 1, fieldKeys: 1, _id: 1 } },
    { name: 'list', key: { a: 1, lists: 1, _id: 1 } },
    { name: 'word', key: { a: 1, words: 1, _id: 1 } },
    { name: 'standing', key: { a: 1, optOut: 1, isDnc: 1, _id: 1 } },
    { name: 'dnc_due', key: { dncDue: 1 }, sparse: true },
    { name: 'bind_due', key: { bindDue: 1 }, sparse: true },
    { name: 'tell_due', key: { 'tell.due': 1 }, sparse: true },
  ])
  const matching = (a: AccountId, { filter, word }: Pick<PageOf, 'filter' | 'word'>): Query<Contact> => ({
    $and: [{ a }, queryOf(filter), ...(word === null ? [] : [wordQuery(word)])],
  })
  return {
    collection: contacts,
    ...dueContacts(contacts),

    async insert(contact: Contact): Promise<void> {
      await contacts.insertOne(contact, durable)
    },

    /** One whose id is there stays as it is, so that repeating the call is harmless. */
    async insertMany(several: readonly Contact[]): Promise<void> {
      try {
        await contacts.insertMany([...several], { ...durable, ordered: false })
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
      }
    },

    find({ a, id }: ContactKey): Promise<Contact | null> {
      return contacts.findOne({ _id: id, a }, committed)
    },

    findAll(a: AccountId, ids: readonly string[]): Promise<Contact[]> {
      return contacts.find({ _id: { $in: [...ids] }, a }, { ...committed, hint: { _id: 1 } }).toArray()
    },

    withNumbers(a: AccountId, numbers: readonly string[]): Promise<Contact[]> {
      if (numbers.length === 0) return Promise.resolve([])
      return contacts.find({ a, numbers: { $in: [...numbers] } }, committed).toArray()
    },

    /** Which of these have any of the tags. */
    async taggedAmong(a: AccountId, ids: readonly string[], tagKeys: readonly string[]): Promise<string[]> {
      const found = await contacts
        .find(
          { _id: { $in: [...ids] }, a, tagKeys: { $in: [...tagKeys] } },
          { ...committed, projection: { _id: 1 }, hint: { _id: 1 } },
        )
        .toArray()
      return found.map(({ _id }) => _id)
    },

    /** False where somebody else has written since it was read. */
    async replace(contact: Contact): Promise<boolean> {
      const { _id, a, v } = contact
      const next = { ...contact, v: v + 1 }
      const { matchedCount } = await contacts.replaceOne({ _id, a, v }, next, durable)
      return matchedCount === 1
    },

    /** Says again whether any number is opted out; false where somebody else has written since. */
    async setOptOut({ _id, a, v }: Contact, optOut: boolean): Promise<boolean> {
      const { matchedCount } = await contacts.updateOne(
        { _id, a, v },
        { $set: { optOut }, $inc: { v: 1 } } as object,
        durable,
      )
      return matchedCount === 1
    },

    async remove({ a, id }: ContactKey): Promise<boolean> {
      const { deletedCount } = await contacts.deleteOne({ _id: id, a }, durable)
      return deletedCount === 1
    },

    page(a: AccountId, page: PageOf): Promise<Contact[]> {
      const after = page.after === null ? [] : [{ _id: { $gt: page.after } }]
      return contacts
        .find({ $and: [matching(a, page), ...after] }, committed)
        .sort({ _id: 1 })
        .limit(page.limit)
        .toArray()
    },

    count(a: AccountId, filter: PlainFilter): Promise<number> {
      return contacts.countDocuments(matching(a, { filter, word: null }), committed)
    },
  }
}
export type ContactStore = Awaited<ReturnType<typeof openContactStore>>
