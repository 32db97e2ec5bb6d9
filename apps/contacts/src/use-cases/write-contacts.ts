import { DomainError } from '@heed/rpc'
import { type Contact, derive, retagged } from '../domain/contact.ts'
import { tellNew } from '../domain/tell.ts'
import type { CreateInput, EditInput, OneContactInput, TagInput } from '../schemas.ts'
import type { bindPerson } from './bind-person.ts'
import { changeContact, refreshOptOut } from './change-contact.ts'
import { summary } from './read-contacts.ts'
import type { setDnc } from './set-dnc.ts'
import type { Deps } from './use-cases.ts'

const late = { actor: 'heed', note: 'A number was added to a contact, or a lift had been interrupted.' }

/** Does what a write has left due; what fails stays due, for the sweep. */
export const followUp =
  (deps: Deps & { person: ReturnType<typeof bindPerson>; dnc: ReturnType<typeof setDnc> }) =>
  async (contact: Contact): Promise<void> => {
    const { contacts, person, dnc } = deps
    const key = { a: contact.a, id: contact._id }
    if (contact.bindDue) {
      await person.block(contact.a, [contact])
      await contacts.done(contact, 'bindDue')
    }
    const standing = contact.dncDue ? await contacts.find(key) : null
    if (standing?.dncDue) await dnc.apply(standing, late)
  }

export function writeContacts(deps: Deps & { followUp: (contact: Contact) => Promise<void> }) {
  const { contacts, changes, compliance, now, newContactId, written } = deps
  const change = changeContact(deps)
  const refresh = refreshOptOut(deps)

  const settled = async (contact: Contact) => {
    const key = { a: contact.a, id: contact._id }
    await refresh(key)
    const standing = await contacts.find(key)
    // It is kept, and what is due after it is done by the sweep: the caller need not repeat anything.
    if (standing) await deps.followUp(standing).catch(() => {})
    const last = await contacts.find(key)
    if (!last) throw new DomainError('unknown-contact')
    return summary(last)
  }

  return {
    settled,

    async create({ accountId: a, ...given }: CreateInput) {
      // Refuses an account that is not there, before anything is kept.
      await compliance.bindsPerson(a)
      const content = {
        name: '',
        zone: null,
        zip: null,
        fields: [],
        tags: [],
        lists: [],
        dnc: null,
        ...defined(given),
      }
      const at = now()
      const contact = {
        ...content,
        ...derive(content),
        _id: newContactId(),
        a,
        v: 1,
        createdAt: at,
        changedAt: at,
        optOut: false,
        bindDue: true as const,
      }
      await contacts.insert({ ...contact, tell: tellNew(contact) })
      written()
      return settled(contact)
    },

    async edit({ accountId: a, contactId: id, change: given, basisVersion }: EditInput) {
      const numbersChange = given.numbers !== undefined
      const contact = await change(
        { a, id },
        ({ isDnc }) => ({
          ...defined(given),
          ...(numbersChange ? { bindDue: true } : {}),
          ...(numbersChange && isDnc ? { dncDue: true } : {}),
        }),
        basisVersion,
      )
      return settled(contact)
    },

    /** The person is forgotten here; the blocks of their numbers stand in compliance and bind as before. */
    async remove({ accountId: a, contactId: id }: OneContactInput) {
      if (!(await contacts.find({ a, id }))) throw new DomainError('unknown-contact')
      await changes.going({ _id: id, a, into: null })
      await contacts.remove({ a, id })
      written()
    },

    async tag({ accountId: a, contactIds, add = [], remove = [] }: TagInput) {
      for (const id of contactIds)
        await change({ a, id }, ({ tags }) => ({ tags: retagged(tags, { add, remove }) }))
      return { changed: contactIds.length }
    },
  }
}

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> }

function defined<T extends object>(given: T): Defined<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Defined<T>
}
