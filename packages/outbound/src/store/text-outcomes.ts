import { type AnyBulkWriteOperation, type Collection, majorityWrite } from '@heed/mongo'
import type { AccountId, PhoneNumber } from '@heed/phone'
import type { HandOverBasis } from '../carrier/carrier.ts'
import { isCarrierRefusal, type Receipt, receiptRank, resolvedState } from '../domain/receipt.ts'
import type { Settlement } from '../domain/settle.ts'
import { carrierRefusal } from '../domain/settle.ts'
import type { TextReason } from '../domain/text-reason.ts'
import { distinctLanes, type LaneId } from './text-claims.ts'
import { attemptIdOf, attemptOf, byId, type ClaimedText, type StoredText } from './text-document.ts'

/** What one worker found out about one text that it holds. */
export interface TextResult {
  readonly text: ClaimedText
  /** False where the text ended before its intent: the gate would have suppressed it. */
  readonly hasIntent: boolean
  readonly settlement: Settlement
  readonly basis: HandOverBasis | null
  readonly providerId: string | null
  readonly error: { readonly code: number | null; readonly httpStatus: number } | null
}

export interface ReportedReceipt extends Receipt {
  readonly a: AccountId
  readonly attemptId: string
  readonly providerId: string
  readonly at: string
}

const together = { writeConcern: majorityWrite, ...byId } as const
const durable = { ordered: false, writeConcern: majorityWrite } as const
const noLease = { claim: true, leasedAt: true, heldBy: true } as const

/** How texts end: by their attempts, by receipts, and together while they wait. */
export function textOutcomes(texts: Collection<StoredText>) {
  return {
    /** Each applies to its own attempt only, once; repeating it changes nothing. */
    async record(results: readonly TextResult[], now: Date): Promise<void> {
      if (results.length === 0) return
      await texts.bulkWrite(
        results.map((result) => operation(result, now)),
        durable,
      )
      // A receipt may have come before its attempt was given up for unknown.
      const unknown = results.filter(({ settlement }) => settlement.state === 'unknown')
      if (unknown.length > 0) await texts.bulkWrite(unknown.flatMap(resolutions), durable)
    },

    /**
     * Keeps the furthest receipt of each attempt, and resolves by it a text that is unknown. Receipts of attempts
     * that are nobody's here change nothing.
     */
    async report(receipts: readonly ReportedReceipt[], now: Date): Promise<void> {
      const operations = receipts.flatMap((receipt) => receiptOperations(receipt, now))
      if (operations.length === 0) return
      await texts.bulkWrite(operations, { writeConcern: majorityWrite, ordered: true })
    },

    /** Ends what waits for a number in nobody's hands; what a worker holds is stopped by the gate. */
    async suppressNumber(a: AccountId, number: PhoneNumber, reasons: readonly TextReason[], now: Date) {
      const waiting = { a, number, state: 'ready' as const }
      const found = await texts.find(waiting, { projection: { a: 1, lane: 1 } }).toArray()
      const ids = { _id: { $in: found.map(({ _id }) => _id) } }
      if (found.length > 0) await texts.updateMany({ ...ids, ...waiting }, suppressed(reasons, now), together)
      return distinctLanes(found)
    },

    /** Ends up to `textsMax` waiting texts of a lane, and says how many; call until it says 0. */
    async suppressLane({ a, lane }: LaneId, reasons: readonly TextReason[], now: Date, textsMax = 2_000) {
      const waiting = { a, lane, state: 'ready' as const }
      const found = await texts
        .find(waiting, { projection: { _id: 1 } })
        .limit(textsMax)
        .toArray()
      if (found.length === 0) return 0
      const ids = { _id: { $in: found.map(({ _id }) => _id) } }
      const { modifiedCount } = await texts.updateMany(
        { ...ids, ...waiting },
        suppressed(reasons, now),
        together,
      )
      return modifiedCount
    },

    /** Refusals by a carrier that compliance has not been told of. */
    async refusalsDue(textsMax: number) {
      const due = { refusalDue: true as const }
      const fields = { projection: { a: 1, number: 1, fence: 1 } } as const
      const found = await texts.find(due, fields).limit(textsMax).toArray()
      return found.map((text) => ({
        _id: text._id,
        a: text.a,
        number: text.number,
        attemptId: attemptIdOf(text),
      }))
    },

    async refusalTold({ _id, a }: Pick<StoredText, '_id' | 'a'>): Promise<void> {
      await texts.updateOne({ _id, a }, { $unset: { refusalDue: true } }, { writeConcern: majorityWrite })
    },
  }
}

function suppressed(reasons: readonly TextReason[], now: Date) {
  return { $set: { state: 'suppressed' as const, reasons, settledAt: now } }
}

function operation(result: TextResult, now: Date): AnyBulkWriteOperation<StoredText> {
  const { text, settlement, basis, hasIntent } = result
  // An attempt that outlived its lease was called unknown meanwhile; its own result is better knowledge.
  const filter = hasIntent
    ? { fence: text.fence, hasIntent: true, state: { $in: ['sending' as const, 'unknown' as const] } }
    : { claim: text.claim, state: 'claimed' as const }
  const attempt = 'countsAsAttempt' in settlement && settlement.countsAsAttempt ? 1 : 0
  const isReady = settlement.state === 'ready'
  const isHeld = isReady && attempt === 0
  const $set = {
    state: settlement.state,
    ...(basis ? sentOn(basis) : {}),
    ...(result.providerId === null ? {} : { providerId: result.providerId }),
    ...(result.error === null ? {} : { error: result.error }),
    ...(isHeld ? { hasIntent: false } : {}),
    ...(isReady ? { dueAt: new Date(now.getTime() + settlement.dueInMs) } : { settledAt: now }),
    ...('reasons' in settlement ? { reasons: settlement.reasons } : {}),
    ...(settlement.state === 'suppressed' && settlement.refusalDue ? { refusalDue: true as const } : {}),
  }
  const update = { $set, $unset: noLease, ...(attempt === 0 ? {} : { $inc: { attempts: attempt } }) }
  return { updateOne: { filter: { _id: text._id, a: text.a, ...filter }, update } }
}

function resolutions({ text }: TextResult): AnyBulkWriteOperation<StoredText>[] {
  const { _id, a, fence } = text
  const attempt = { _id, a, fence, state: 'unknown' as const }
  const taken = { 'delivery.status': { $in: ['accepted' as const, 'sent' as const, 'delivered' as const] } }
  const failed = { 'delivery.status': { $in: ['failed' as const, 'undelivered' as const] } }
  return [
    { updateOne: { filter: { ...attempt, ...taken }, update: { $set: { state: 'sent', reasons: [] } } } },
    { updateOne: { filter: { ...attempt, ...failed }, update: { $set: { state: 'failed' } } } },
  ]
}

function sentOn({ epoch, rev, gatedAt, writtenAt, late }: HandOverBasis) {
  const times = { gatedAt: new Date(gatedAt), writtenAt: new Date(writtenAt) }
  return { epoch, rev, ...times, ...(late ? { late: true as const } : {}) }
}

function receiptOperations(receipt: ReportedReceipt, now: Date): AnyBulkWriteOperation<StoredText>[] {
  const { a, attemptId, status, errorCode, at, providerId } = receipt
  const rank = receiptRank[status]
  const delivery = { rank, status, errorCode: errorCode ?? null, at }
  const attempt = attemptOf(attemptId)
  if (attempt === null) return []
  const one = { ...attempt, a, hasIntent: true }
  const refusal = isCarrierRefusal(receipt) ? { refusalDue: true as const } : {}
  const state = resolvedState(receipt)
  const reasons = {
    sent: [],
    suppressed: [carrierRefusal(at)],
    failed: [{ reason: 'carrier-reported-failure', since: at }],
  }[state]
  return [
    {
      updateOne: {
        filter: { ...one, $or: [{ delivery: null }, { 'delivery.rank': { $lt: rank } }] },
        update: { $set: { delivery, providerId, ...refusal } },
      },
    },
    {
      updateOne: {
        filter: { ...one, state: 'unknown' },
        update: { $set: { state, reasons, settledAt: now } },
      },
    },
  ]
}
