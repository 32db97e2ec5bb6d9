import {
  type AnyBulkWriteOperation,
  type Db,
  ensureIndexes,
  isDuplicateKey,
  majorityRead,
  majorityWrite,
} from '@heed/mongo'
import type { OutwardState, TextReason } from '@heed/outbound'
import type { AccountId, PhoneNumber } from '@heed/phone'
import type { Enrolment } from '../domain/enrolment.ts'
import type { Move } from '../domain/next-move.ts'
import type { NewEnrolment } from '../domain/select-new.ts'
import { type EnrolmentDocument, enrolmentIndexes } from './enrolment-document.ts'
import { enrolmentQueries, type SequenceOfAccount } from './enrolment-queries.ts'
import { advanceUpdate, checkLaterUpdates, endUpdates, resolveUpdate } from './enrolment-updates.ts'

const durable = { ordered: false, writeConcern: majorityWrite } as const

/** Who is in which sequence, how far, and what became of each step. Every write is conditional on what was read. */
export async function openEnrolments(db: Db) {
  const enrolments = db.collection<EnrolmentDocument>('enrolments')
  await ensureIndexes(enrolments, enrolmentIndexes)
  const write = async (operations: AnyBulkWriteOperation<EnrolmentDocument>[]) => {
    if (operations.length > 0) await enrolments.bulkWrite(operations, durable)
  }
  return {
    ...enrolmentQueries(enrolments),

    /** Keeps those that are nobody's yet, and returns their ids; a number or person that is in stays as it was. */
    async insert(
      { a, sequence }: SequenceOfAccount,
      given: readonly (NewEnrolment & { readonly id: string })[],
      times: { readonly now: Date; readonly dueAt: Date; readonly checkAt: Date },
    ): Promise<string[]> {
      if (given.length === 0) return []
      const documents = given.map((one) => newDocument(a, sequence, one, times))
      try {
        await enrolments.insertMany(documents, durable)
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
      }
      const ids = documents.map(({ _id }) => _id)
      const kept = await enrolments
        .find({ _id: { $in: ids }, a }, { projection: { _id: 1 }, readConcern: majorityRead })
        .toArray()
      return kept.map(({ _id }) => _id)
    },

    /** Marks a number's active enrolments as blocked, and returns their ids. They end with the step at hand. */
    async block(a: AccountId, number: PhoneNumber, reasons: readonly TextReason[], checkAt: Date) {
      const active = { a, number, state: 'active' as const }
      const found = await enrolments
        .find(active, { projection: { _id: 1 }, readConcern: majorityRead })
        .toArray()
      if (found.length === 0) return []
      const update = { $set: { blockedBy: reasons, checkAt } }
      await enrolments.updateMany({ ...active, blockedBy: null }, update, durable)
      return found.map(({ _id }) => _id)
    },

    async advance(
      moves: readonly (readonly [Enrolment, Extract<Move, { move: 'advance' }>])[],
      checkAt: Date,
    ): Promise<void> {
      await write(moves.map(([enrolment, move]) => advanceUpdate(enrolment, move, checkAt)))
    },

    async end(
      moves: readonly (readonly [Enrolment, Extract<Move, { move: 'end' }>])[],
      now: Date,
    ): Promise<void> {
      await write(endUpdates(moves, now))
    },

    /** What a receipt told of a step that was unknown. */
    async resolve(
      found: readonly { enrolment: Enrolment; step: number; outcome: OutwardState }[],
    ): Promise<void> {
      await write(found.map(({ enrolment, step, outcome }) => resolveUpdate(enrolment, step, outcome)))
    },

    async checkLater(later: readonly { enrolment: Enrolment; checkAt: Date }[]): Promise<void> {
      await write(checkLaterUpdates(later))
    },

    async checkAllLater(a: AccountId, ids: readonly string[], checkAt: Date): Promise<void> {
      const those = { _id: { $in: [...ids] }, a, state: 'active' as const }
      await enrolments.updateMany(those, { $set: { checkAt } }, durable)
    },
  }
}

export type Enrolments = Awaited<ReturnType<typeof openEnrolments>>

function newDocument(
  a: AccountId,
  sequence: string,
  { id, number, contactId, contactTurn, generation, fields, place }: NewEnrolment & { readonly id: string },
  { now, dueAt, checkAt }: { readonly now: Date; readonly dueAt: Date; readonly checkAt: Date },
): EnrolmentDocument {
  return {
    _id: id,
    a,
    sequence,
    number,
    generation,
    ...(contactId === null || contactTurn === null ? {} : { contactId, contactTurn }),
    ...(fields ? { fields } : {}),
    ...(place ? { place } : {}),
    state: 'active',
    reasons: [],
    step: 0,
    outcomes: ['waiting'],
    dueAt,
    blockedBy: null,
    checkAt,
    createdAt: now,
    endedAt: null,
  }
}
