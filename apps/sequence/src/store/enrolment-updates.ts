import type { AnyBulkWriteOperation } from '@heed/mongo'
import type { OutwardState } from '@heed/outbound'
import type { Enrolment } from '../domain/enrolment.ts'
import type { Move } from '../domain/next-move.ts'
import type { EnrolmentDocument } from './enrolment-document.ts'

type Operation = AnyBulkWriteOperation<EnrolmentDocument>

/** To the next step, unless another worker did so, or the number was marked as blocked since it was read. */
export function advanceUpdate(
  { id, accountId, step }: Enrolment,
  { outcome, dueAt }: Extract<Move, { move: 'advance' }>,
  checkAt: Date,
): Operation {
  const next = { step: step + 1, dueAt, checkAt }
  return {
    updateOne: {
      filter: { _id: id, a: accountId, state: 'active', step, blockedBy: null },
      update: { $set: { ...next, [`outcomes.${step}`]: outcome, [`outcomes.${step + 1}`]: 'waiting' } },
    },
  }
}

export function endUpdate(
  { id, accountId, step }: Enrolment,
  { state, outcome, reasons }: Extract<Move, { move: 'end' }>,
  now: Date,
): Operation {
  return {
    updateOne: {
      filter: { _id: id, a: accountId, state: 'active', step },
      update: {
        $set: { state, reasons, endedAt: now, [`outcomes.${step}`]: outcome },
        $unset: { checkAt: true },
      },
    },
  }
}

/** A receipt told of a step that was unknown. */
export function resolveUpdate({ id, accountId }: Enrolment, step: number, outcome: OutwardState): Operation {
  return {
    updateOne: {
      filter: { _id: id, a: accountId, [`outcomes.${step}`]: 'unknown' },
      update: { $set: { [`outcomes.${step}`]: outcome } },
    },
  }
}

export function checkLaterUpdate({ id, accountId, step, blockedBy }: Enrolment, checkAt: Date): Operation {
  // A block that came since it was read wants to be seen soon.
  const unlessBlocked = blockedBy ? {} : { blockedBy }
  return {
    updateOne: {
      filter: { _id: id, a: accountId, state: 'active', step, ...unlessBlocked },
      update: { $set: { checkAt } },
    },
  }
}
