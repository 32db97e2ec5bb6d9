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

/** One write for all that end alike: a cancel ends thousands. */
export function endUpdates(
  moves: readonly (readonly [Enrolment, Extract<Move, { move: 'end' }>])[],
  now: Date,
): Operation[] {
  const alike = Map.groupBy(moves, ([{ step, accountId }, move]) => JSON.stringify([accountId, step, move]))
  return [...alike.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const [{ step }, { state, outcome, reasons }] = first
    return {
      updateMany: {
        filter: those(group.map(([enrolment]) => enrolment)),
        update: {
          $set: { state, reasons, endedAt: now, [`outcomes.${step}`]: outcome },
          $unset: { checkAt: true as const },
        },
      },
    }
  })
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

/** One write for all that are to be looked at in the same instant. */
export function checkLaterUpdates(
  later: readonly { readonly enrolment: Enrolment; readonly checkAt: Date }[],
): Operation[] {
  const alike = Map.groupBy(later, ({ enrolment: { accountId, step, blockedBy }, checkAt }) =>
    JSON.stringify([accountId, step, blockedBy !== null, checkAt]),
  )
  return [...alike.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    // A block that came since it was read wants to be seen soon.
    const unlessBlocked = first.enrolment.blockedBy ? {} : { blockedBy: null }
    const filter = { ...those(group.map(({ enrolment }) => enrolment)), ...unlessBlocked }
    return { updateMany: { filter, update: { $set: { checkAt: first.checkAt } } } }
  })
}

/** Enrolments of one account at one step, as long as they are active and there. */
function those(alike: readonly Enrolment[]) {
  const [first] = alike
  const ids = { _id: { $in: alike.map(({ id }) => id) }, a: { $in: first ? [first.accountId] : [] } }
  return { ...ids, state: 'active' as const, step: first?.step ?? 0 }
}
