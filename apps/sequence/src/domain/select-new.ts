import type { PhoneNumber } from '@heed/phone'
import { type StatedPlace, statedPlace } from '@heed/quiet-hours'
import type { Enrolment } from './enrolment.ts'

export interface Recipient {
  readonly number: PhoneNumber
  readonly contactId?: string | undefined
  readonly fields?: Readonly<Record<string, string>> | undefined
  readonly zone?: string | undefined
  readonly zip?: string | undefined
}

export type KnownEnrolment = Pick<Enrolment, 'id' | 'number' | 'contactId' | 'generation' | 'state'>

export interface NewEnrolment {
  readonly number: PhoneNumber
  readonly contactId: string | null
  readonly generation: number
  /** Counts the enrolments of the person; null where the person is not known. */
  readonly contactTurn: number | null
  readonly fields?: Readonly<Record<string, string>>
  readonly place?: StatedPlace
}

/**
 * Who of these gets an enrolment: each number once and each person (contact) once, the first of each. Somebody
 * who is or was in the sequence stays as they are, but for one thing: where the last enrolment of a number was
 * suppressed, a new one may begin; `again` are those, for which no block may stand any more.
 */
export function selectNew(
  recipients: readonly Recipient[],
  known: readonly KnownEnrolment[],
): { readonly fresh: readonly NewEnrolment[]; readonly again: readonly NewEnrolment[] } {
  const latest = latestByNumber(known)
  const persons = new Map<string, { number: PhoneNumber; turns: number }>()
  for (const { contactId, number } of known) {
    if (contactId !== null)
      persons.set(contactId, { number, turns: (persons.get(contactId)?.turns ?? 0) + 1 })
  }
  const seen = new Set<PhoneNumber>()
  const fresh: NewEnrolment[] = []
  const again: NewEnrolment[] = []
  for (const { number, contactId = null, fields, zone, zip } of recipients) {
    if (seen.has(number)) continue
    seen.add(number)
    const person = contactId === null ? undefined : persons.get(contactId)
    if (person && person.number !== number) continue
    const last = latest.get(number)
    if (last && last.state !== 'suppressed') continue
    const contactTurn = contactId === null ? null : (person?.turns ?? 0) + 1
    if (contactId !== null) persons.set(contactId, { number, turns: contactTurn ?? 1 })
    const one = {
      number,
      contactId,
      contactTurn,
      ...(fields ? { fields } : {}),
      ...statedPlace({ zone, zip }),
    }
    if (last) again.push({ ...one, generation: last.generation + 1 })
    else fresh.push({ ...one, generation: 1 })
  }
  return { fresh, again }
}

function latestByNumber(known: readonly KnownEnrolment[]): ReadonlyMap<PhoneNumber, KnownEnrolment> {
  const latest = new Map<PhoneNumber, KnownEnrolment>()
  for (const one of known) {
    if ((latest.get(one.number)?.generation ?? 0) < one.generation) latest.set(one.number, one)
  }
  return latest
}
