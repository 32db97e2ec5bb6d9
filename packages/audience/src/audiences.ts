import type { AccountId, PhoneNumber } from '@heed/phone'
import { DomainError, type ErrorReason, refusalReason } from '@heed/rpc'
import { type Audience, type AudienceFilter, audienceFilter } from './audience.ts'

interface ContactRow {
  readonly contactId: string
  readonly name: string
  readonly zone: string | null
  readonly zip: string | null
  readonly fields: readonly { readonly name: string; readonly value: string }[]
  readonly numbers: readonly PhoneNumber[]
  readonly tags: readonly string[]
}

/** The part of contacts' procedures that tells who is meant: an RPC client of its router is one. */
export interface ContactsRpc {
  readonly contacts: {
    readonly list: {
      query(input: {
        accountId: AccountId
        filter: AudienceFilter
        limit: number
        cursor?: string
      }): Promise<{ contacts: readonly ContactRow[]; nextCursor: string | null }>
    }
    readonly people: {
      query(input: {
        accountId: AccountId
        contactIds: string[]
      }): Promise<{ contacts: readonly ContactRow[] }>
    }
  }
}

/** A person of an audience: the number that is texted, and what merge fields may say of them. */
export interface Person {
  readonly contactId: string
  readonly number: PhoneNumber
  readonly fields: Readonly<Record<string, string>>
  readonly zone?: string
  readonly zip?: string
}

export interface AudiencePage {
  readonly people: readonly Person[]
  readonly nextCursor: string | null
}

const passedOn: readonly ErrorReason[] = ['unknown-list', 'list-cycle', 'filter-too-large']
const peoplePerPage = 1_000

/**
 * Fetches an audience a page of up to 1,000 people at a time, in order of creation: who is in it all the while is
 * fetched once. `unknown-list`, `list-cycle`, `filter-too-large`, or `unavailable` where contacts do not say.
 */
export function openAudiences(rpc: ContactsRpc) {
  return async (accountId: AccountId, audience: Audience, cursor: string | null): Promise<AudiencePage> => {
    const asked = { accountId, filter: audienceFilter(audience), limit: peoplePerPage }
    try {
      const page = await rpc.contacts.list.query({ ...asked, ...(cursor === null ? {} : { cursor }) })
      return { people: page.contacts.flatMap(personOf), nextCursor: page.nextCursor }
    } catch (cause) {
      const reason = passedOn.find((known) => known === refusalReason(cause)) ?? 'unavailable'
      throw new DomainError(reason, { detail: 'contacts did not tell who is meant', cause })
    }
  }
}

/** People by the ids of their contacts, up to 1,000 at a time, with their tags as they stand; who is gone is left out. */
export function openPeople(rpc: ContactsRpc) {
  return async (
    accountId: AccountId,
    contactIds: readonly string[],
  ): Promise<(Person & { readonly tags: readonly string[] })[]> => {
    if (contactIds.length === 0) return []
    try {
      const { contacts } = await rpc.contacts.people.query({ accountId, contactIds: [...contactIds] })
      return contacts.flatMap((row) => personOf(row).map((person) => ({ ...person, tags: row.tags })))
    } catch (cause) {
      throw new DomainError('unavailable', { detail: 'contacts did not tell who they are', cause })
    }
  }
}

function personOf({ contactId, name, zone, zip, fields, numbers }: ContactRow): Person[] {
  const [number] = numbers
  if (number === undefined) return []
  const named = Object.fromEntries(fields.map((field) => [field.name.toLowerCase(), field.value]))
  const place = { ...(zone === null ? {} : { zone }), ...(zip === null ? {} : { zip }) }
  return [{ contactId, number, fields: { ...named, name }, ...place }]
}
