import type { IndexDescription } from '@heed/mongo'
import type { OutwardState, TextReason } from '@heed/outbound'
import type { AccountId, PhoneNumber } from '@heed/phone'
import type { StatedPlace } from '@heed/quiet-hours'
import type { Enrolment, EnrolmentState } from '../domain/enrolment.ts'

export interface EnrolmentDocument {
  readonly _id: string
  readonly a: AccountId
  readonly sequence: string
  readonly number: PhoneNumber
  readonly generation: number
  /** There where the person is known: the indexes on them are partial. */
  readonly contactId?: string
  readonly contactTurn?: number
  readonly place?: StatedPlace
  readonly fields?: Readonly<Record<string, string>>
  readonly state: EnrolmentState
  readonly reasons: readonly TextReason[]
  readonly step: number
  readonly outcomes: readonly OutwardState[]
  readonly dueAt: Date
  readonly blockedBy: readonly TextReason[] | null
  readonly checkAt?: Date
  readonly createdAt: Date
  readonly endedAt: Date | null
}

export const enrolmentIndexes: readonly IndexDescription[] = [
  // One enrolment for each number and each person at a time, whoever enrols and however often. The number before
  // the sequence, so that a block finds what is to be ended.
  { name: 'number', key: { a: 1, number: 1, sequence: 1, generation: 1 }, unique: true },
  {
    name: 'contact',
    key: { a: 1, sequence: 1, contactId: 1, contactTurn: 1 },
    unique: true,
    partialFilterExpression: { contactId: { $exists: true } },
  },
  { name: 'page', key: { a: 1, sequence: 1, _id: 1 } },
  { name: 'check', key: { checkAt: 1 }, sparse: true },
]

export function enrolmentOf(document: EnrolmentDocument): Enrolment {
  const { _id, a, sequence, contactId, contactTurn: _, checkAt, ...rest } = document
  return {
    ...rest,
    id: _id,
    accountId: a,
    sequenceId: sequence,
    contactId: contactId ?? null,
    checkAt: checkAt ?? null,
  }
}
