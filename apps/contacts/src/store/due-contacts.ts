import { type Collection, majorityRead, majorityWrite, type Filter as Query } from '@heed/mongo'
import type { Contact } from '../domain/contact.ts'
import type { Tell } from '../domain/tell.ts'

const durable = { writeConcern: majorityWrite } as const
const committed = { readConcern: majorityRead } as const

/** A contact of which something is to be told. */
export type Untold = Pick<Contact, '_id' | 'a' | 'tags'> & { readonly tell: Tell }

/** What a write has left to be done after it, by marks on the contacts themselves. */
export function dueContacts(contacts: Collection<Contact>) {
  return {
    /** What was due is done, unless it became due anew meanwhile. */
    async done({ _id, a, v }: Contact, due: 'dncDue' | 'bindDue'): Promise<void> {
      await contacts.updateOne({ _id, a, v }, { $unset: { [due]: true }, $inc: { v: 1 } } as object, durable)
    },

    due(due: 'dncDue' | 'bindDue', contactsMax: number): Promise<Contact[]> {
      return contacts
        .find({ [due]: true } as Query<Contact>, committed)
        .limit(contactsMax)
        .toArray()
    },

    /** What is to be told of contacts, and no more of them: an import of a million is read here once again. */
    async untold(contactsMax: number): Promise<Untold[]> {
      const projection = { a: 1, tags: 1, tell: 1 } as const
      return contacts
        .find<Untold>({ 'tell.due': true } as Query<Contact>, { ...committed, projection })
        .limit(contactsMax)
        .toArray()
    },

    /** Told as they were read; what was written since stays to be told. The version that a person sees stays, too. */
    async told(several: readonly Untold[]): Promise<void> {
      const alike = Map.groupBy(several, ({ a, tell }) => `${a}/${tell.v}`)
      const writes = [...alike.values()].flatMap((those) => {
        const [first] = those
        if (!first) return []
        const filter = { _id: { $in: those.map(({ _id }) => _id) }, a: first.a, 'tell.v': first.tell.v }
        return {
          updateMany: { filter: filter as Query<Contact>, update: { $unset: { tell: true as const } } },
        }
      })
      if (writes.length > 0) await contacts.bulkWrite(writes, { ...durable, ordered: false })
    },
  }
}
