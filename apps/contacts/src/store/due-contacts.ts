import { type Collection, majorityRead, majorityWrite, type Filter as Query } from '@heed/mongo'
import type { Contact } from '../domain/contact.ts'

const durable = { writeConcern: majorityWrite } as const
const committed = { readConcern: majorityRead } as const

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

    /** Contacts of which something is to be told. */
    untold(contactsMax: number): Promise<Contact[]> {
      return contacts
        .find({ 'tell.due': true } as Query<Contact>, committed)
        .limit(contactsMax)
        .toArray()
    },

    /** Told as they were read; what was written since stays to be told. The version that a person sees stays, too. */
    async told(several: readonly Contact[]): Promise<void> {
      if (several.length === 0) return
      const writes = several.map(({ _id, a, tell }) => ({
        updateOne: {
          filter: { _id, a, 'tell.v': tell?.v } as Query<Contact>,
          update: { $unset: { tell: true as const } },
        },
      }))
      await contacts.bulkWrite(writes, { ...durable, ordered: false })
    },
  }
}
