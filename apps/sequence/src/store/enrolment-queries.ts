import { type Collection, majorityRead, snapshotRead } from '@heed/mongo'
import type { AccountId, PhoneNumber } from '@heed/phone'
import type { Enrolment } from '../domain/enrolment.ts'
import type { EnrolmentGroup } from '../domain/progress.ts'
import type { KnownEnrolment } from '../domain/select-new.ts'
import { type EnrolmentDocument, enrolmentOf } from './enrolment-document.ts'

export interface SequenceOfAccount {
  readonly a: AccountId
  readonly sequence: string
}

/** What is read of enrolments; nothing of it may be rolled back. */
export function enrolmentQueries(enrolments: Collection<EnrolmentDocument>) {
  return {
    /** Every enrolment of these numbers or persons in the sequence. */
    async known(
      { a, sequence }: SequenceOfAccount,
      numbers: readonly PhoneNumber[],
      contactIds: readonly string[],
    ): Promise<KnownEnrolment[]> {
      const read = (filter: object) =>
        enrolments.find({ a, sequence, ...filter }, { readConcern: majorityRead }).toArray()
      const found = await Promise.all([
        read({ number: { $in: [...numbers] } }),
        contactIds.length === 0 ? [] : read({ contactId: { $in: [...contactIds] } }),
      ])
      return [...new Map(found.flat().map((one) => [one._id, enrolmentOf(one)])).values()]
    },

    /** Those of the numbers that are actively enrolled in some sequence. */
    async activeAmong(a: AccountId, numbers: readonly PhoneNumber[]): Promise<ReadonlySet<PhoneNumber>> {
      const active = { a, number: { $in: [...numbers] }, state: 'active' as const }
      const options = { projection: { number: 1 }, readConcern: majorityRead, hint: 'number' } as const
      const found = await enrolments.find(active, options).toArray()
      return new Set(found.map(({ number }) => number))
    },

    async find(a: AccountId, ids: readonly string[]): Promise<Enrolment[]> {
      const found = await enrolments
        .find({ _id: { $in: [...ids] }, a }, { readConcern: majorityRead })
        .toArray()
      return found.map(enrolmentOf)
    },

    /** In order of enrolment, after the id given. */
    async page({ a, sequence }: SequenceOfAccount, after: string | null, enrolmentsMax: number) {
      const filter = { a, sequence, ...(after === null ? {} : { _id: { $gt: after } }) }
      const found = await enrolments
        .find(filter, { readConcern: majorityRead })
        .sort({ _id: 1 })
        .limit(enrolmentsMax)
        .toArray()
      return found.map(enrolmentOf)
    },

    /** Alike ones counted, all at one instant. */
    async groups({ a, sequence }: SequenceOfAccount): Promise<EnrolmentGroup[]> {
      const found = await enrolments
        .aggregate<{ _id: Omit<EnrolmentGroup, 'count'>; count: number }>(
          [
            { $match: { a, sequence } },
            { $group: { _id: { state: '$state', outcomes: '$outcomes' }, count: { $sum: 1 } } },
          ],
          { readConcern: snapshotRead, maxTimeMS: 30_000 },
        )
        .toArray()
      return found.map(({ _id, count }) => ({ ..._id, count }))
    },

    /** Ids of active enrolments of a sequence in order, after the id given. */
    async active(
      { a, sequence }: SequenceOfAccount,
      after: string | null,
      enrolmentsMax: number,
    ): Promise<string[]> {
      const filter = {
        a,
        sequence,
        state: 'active' as const,
        ...(after === null ? {} : { _id: { $gt: after } }),
      }
      const found = await enrolments
        .find(filter, { projection: { _id: 1 }, readConcern: majorityRead })
        .sort({ _id: 1 })
        .limit(enrolmentsMax)
        .toArray()
      return found.map(({ _id }) => _id)
    },

    /** Enrolments that are to be looked at, those that have waited longest first. */
    async toCheck(now: Date, enrolmentsMax: number): Promise<Pick<Enrolment, 'id' | 'accountId'>[]> {
      const found = await enrolments
        .find({ checkAt: { $lte: now } }, { projection: { a: 1 } })
        .sort({ checkAt: 1 })
        .limit(enrolmentsMax)
        .toArray()
      return found.map(({ _id, a }) => ({ id: _id, accountId: a }))
    },
  }
}
