import { DomainError } from '@heed/rpc'
import { type Contact, type ContactContent, derive } from '../domain/contact.ts'
import { tellAfter } from '../domain/tell.ts'
import type { ContactKey } from '../store/contacts.ts'
import type { Deps } from './use-cases.ts'

const attemptsMax = 20

/** What a write makes of a contact; what is due after it is done by `follow-up.ts` or, after a crash, the sweep. */
export type Change = Partial<ContactContent> & Pick<Contact, 'dncDue' | 'bindDue'>

/**
 * The one way in which a contact changes: on the version that was read, with its keys made anew, again where somebody
 * else was first. `unknown-contact`, `version-conflict` where it names a version that does not stand.
 */
export const changeContact =
  ({ contacts, now, written }: Pick<Deps, 'contacts' | 'now' | 'written'>) =>
  async (key: ContactKey, change: (standing: Contact) => Change, basisVersion?: number): Promise<Contact> => {
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const standing = await contacts.find(key)
      if (!standing) throw new DomainError('unknown-contact')
      if (basisVersion !== undefined && basisVersion !== standing.v) throw new DomainError('version-conflict')
      const content = { ...standing, ...change(standing) }
      const keys = derive(content)
      const { tell: _, ...made } = { ...content, ...keys, changedAt: now() }
      const tell = tellAfter(standing, { ...content, ...keys })
      const next = tell ? { ...made, tell } : made
      if (!(await contacts.replace(next))) continue
      if (tell) written()
      return { ...next, v: next.v + 1 }
    }
    throw new DomainError('version-conflict', { detail: 'others kept writing' })
  }

/**
 * Says on a contact whether any of its numbers is opted out. Whoever writes a contact or the projection calls it
 * afterwards, so that the last call has seen both.
 */
export const refreshOptOut =
  ({ contacts, consents }: Pick<Deps, 'contacts' | 'consents'>) =>
  async (key: ContactKey): Promise<void> => {
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const contact = await contacts.find(key)
      if (!contact) return
      const blocked = await consents.blocked(contact.a, contact.numbers)
      const optOut = blocked.some(({ list }) => list === 'own')
      if (contact.optOut === optOut || (await contacts.setOptOut(contact, optOut))) return
    }
    throw new DomainError('version-conflict', { detail: 'others kept writing' })
  }
