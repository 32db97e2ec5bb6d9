import type { PhoneNumber } from '@heed/phone'

export interface Recipient {
  readonly number: PhoneNumber
  readonly contactId?: string | undefined
  /** What merge fields say of the person, by name in lower case. */
  readonly fields?: Readonly<Record<string, string>> | undefined
  readonly zone?: string | undefined
  readonly zip?: string | undefined
}

export interface AudienceMember {
  readonly number: PhoneNumber
  readonly contactId: string | null
  readonly fields: Readonly<Record<string, string>> | undefined
  readonly zone: string | undefined
  readonly zip: string | undefined
  /** Another number of this person is texted: this one is accounted for, and ends as suppressed. */
  readonly isSecondNumber: boolean
}

/**
 * Who gets a text: each number once, each person (contact) once, the first of each. `personsBefore` are contacts
 * that have a number in the broadcast already.
 */
export function audienceOf(
  recipients: readonly Recipient[],
  personsBefore: ReadonlySet<string>,
): AudienceMember[] {
  const members = new Map<PhoneNumber, AudienceMember>()
  const persons = new Set(personsBefore)
  for (const { number, contactId = null, fields, zone, zip } of recipients) {
    if (members.has(number)) continue
    const isSecondNumber = contactId !== null && persons.has(contactId)
    members.set(number, { number, contactId, fields, zone, zip, isSecondNumber })
    if (contactId !== null) persons.add(contactId)
  }
  return [...members.values()]
}
