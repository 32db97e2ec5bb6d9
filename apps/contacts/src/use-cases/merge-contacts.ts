import { folded } from '@heed/audience'
import { DomainError } from '@heed/rpc'
import type { Contact } from '../domain/contact.ts'
import { retagged } from '../domain/contact.ts'
import type { DuplicatesInput, MergeInput } from '../schemas.ts'
import { type Change, changeContact } from './change-contact.ts'
import type { summary } from './read-contacts.ts'
import type { Deps } from './use-cases.ts'

const numbersMax = 20

/** Finds contacts that share a number, and makes one of two that are the same person. */
export function mergeContacts(
  deps: Deps & { settled: (contact: Contact) => Promise<ReturnType<typeof summary>> },
) {
  const { contacts, changes, written } = deps
  const change = changeContact(deps)
  return {
    /** Of a page of contacts: the numbers that others have too, each with all who have it. */
    async duplicates({ accountId: a, cursor, limit = 200 }: DuplicatesInput) {
      const everybody = { filter: { all: [] }, word: null }
      const page = await contacts.page(a, { ...everybody, after: cursor ?? null, limit })
      const numbers = [...new Set(page.flatMap((contact) => contact.numbers))]
      const having = await contacts.withNumbers(a, numbers)
      const shared = numbers.flatMap((number) => {
        const ids = having.filter((one) => one.numbers.includes(number)).map(({ _id }) => _id)
        return ids.length > 1 ? [{ number, contactIds: ids.sort() }] : []
      })
      const last = page.length === limit ? page.at(-1) : undefined
      return { shared, nextCursor: last?._id ?? null }
    },

    /**
     * Puts one contact into another: nothing that either has is lost, and where both say something the one that stays is
     * right. The one that stays is written first, so a call that was cut off may be repeated.
     */
    async merge({ accountId: a, contactId, intoId }: MergeInput) {
      if (contactId === intoId) throw new DomainError('unknown-contact', { detail: 'a contact into itself' })
      const gone = await contacts.find({ a, id: contactId })
      if (!gone) throw new DomainError('unknown-contact')
      const merged = await change({ a, id: intoId }, (standing) => {
        if (numbersOf(standing, gone).length > numbersMax) throw new DomainError('too-many-numbers')
        return union(standing, gone)
      })
      await changes.going({ _id: contactId, a, into: intoId })
      await contacts.remove({ a, id: contactId })
      written()
      return deps.settled(merged)
    },
  }
}

const numbersOf = (one: Contact, other: Contact) => [...new Set([...one.numbers, ...other.numbers])]

function union(stays: Contact, gone: Contact): Change {
  const fields = new Map([...gone.fields, ...stays.fields].map((field) => [folded(field.name), field]))
  return {
    name: stays.name || gone.name,
    zone: stays.zone ?? gone.zone,
    zip: stays.zip ?? gone.zip,
    fields: [...fields.values()].slice(0, 50),
    numbers: numbersOf(stays, gone),
    tags: retagged(stays.tags, { add: gone.tags, remove: [] }),
    lists: [...new Set([...stays.lists, ...gone.lists])],
    dnc: stays.dnc ?? gone.dnc,
    bindDue: true,
    ...((stays.dnc ?? gone.dnc) ? { dncDue: true as const } : {}),
  }
}
