import { DomainError } from '@heed/rpc'
import type { Contact } from '../domain/contact.ts'
import { markOf } from '../domain/mark.ts'
import type { SetDncInput } from '../schemas.ts'
import { changeContact } from './change-contact.ts'
import { liftOwnWords } from './lift-own-words.ts'
import type { Deps } from './use-cases.ts'

const cause = 'dnc'
/** Every contact's DNC: which of them hold a number, the contacts themselves say. */
const ours = 'dnc:'
const sourcePrefixOf = (contactId: string) => `${ours}${contactId}:`

/**
 * DNC is the account's own word about a contact, kept on the contact and taken to the list `dnc` for each of its
 * numbers. The contact is written first and says that this is due, so that a crash in between is made good.
 */
export function setDnc(deps: Deps) {
  const { contacts, compliance, now } = deps
  const change = changeContact(deps)

  const block = async ({ a, _id, numbers, dnc }: Contact) => {
    if (!dnc) return
    for (const number of numbers) {
      const source = `${sourcePrefixOf(_id)}${markOf(dnc.since.toISOString(), number)}`
      const { actor, note } = dnc
      await compliance.optOut({ accountId: a, list: 'dnc', cause, source, actor, note, numbers: [number] })
    }
  }

  const heldByOthers = async ({ a, _id, numbers }: Contact) =>
    (await contacts.withNumbers(a, numbers)).filter((other) => other._id !== _id && other.isDnc)

  /** A number that another contact's DNC holds stays, also where that one is being set in the same moment. */
  const lift = async (contact: Contact, by: { actor: string; note: string }) => {
    const { a, _id, numbers } = contact
    const before = await heldByOthers(contact)
    for (const number of numbers.filter((one) => !before.some((other) => other.numbers.includes(one)))) {
      const sourcePrefix = sourcePrefixOf(_id)
      const rev = await liftOwnWords(compliance, { a, number, list: 'dnc', ours, sourcePrefix, cause, ...by })
      if (rev === null) continue
      const holder = (await heldByOthers(contact)).find((other) => other.numbers.includes(number))
      if (!holder) continue
      const source = `${sourcePrefixOf(holder._id)}${markOf('again', String(rev), number)}`
      await compliance.optOut({ accountId: a, list: 'dnc', cause, source, numbers: [number] })
    }
  }

  const apply = async (contact: Contact, by: { actor: string; note: string }) => {
    await (contact.dnc ? block(contact) : lift(contact, by))
    await contacts.done(contact, 'dncDue')
  }

  return {
    apply,

    async set({ accountId: a, contactId: id, dnc, note, actor }: SetDncInput & { actor: string }) {
      const standing = await contacts.find({ a, id })
      if (!standing) throw new DomainError('unknown-contact')
      if (standing.isDnc === dnc && !standing.dncDue) return
      const status = dnc ? { since: now(), actor, note } : null
      const contact = await change({ a, id }, () => ({ dnc: status, dncDue: true }))
      await apply(contact, { actor, note })
    },
  }
}
