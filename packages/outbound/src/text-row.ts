import { DeliveryStatus } from '@heed/events'
import { Epoch, Origin, PhoneNumber } from '@heed/phone'
import { z } from 'zod'
import { outwardState } from './domain/text-state.ts'
import type { TextDocument } from './store/text-document.ts'
import type { PastText } from './store/text-history.ts'

const Time = z.iso.datetime()
const Rev = z.int().nonnegative()

/** Why a text ended as it did: `list` and `rev` where a block is the reason. */
export const RowReason = z.strictObject({
  reason: z.string(),
  list: z.string().optional(),
  since: Time,
  rev: Rev.optional(),
})

/** A text as every report shows it. */
export const TextRow = z.strictObject({
  number: PhoneNumber,
  state: z.enum(['waiting', 'sent', 'suppressed', 'failed', 'unknown']),
  /** Every reason that stands, so that a report can say why each person was skipped. */
  reasons: z.array(RowReason),
  /** The rule that it waits for, and until when. */
  held: z.strictObject({ by: z.string(), until: Time }).nullable(),
  /** As it is sent, the opt-out instruction included. */
  text: z.string(),
  attemptId: z.string().nullable(),
  epoch: Epoch.nullable(),
  rev: Rev.nullable(),
  gatedAt: Time.nullable(),
  writtenAt: Time.nullable(),
  providerId: z.string().nullable(),
  /** When the person answered it with an opt-out, as the last text from its number. */
  optedOutAt: Time.nullable(),
})
export type TextRow = z.infer<typeof TextRow>

export function textRow(text: TextDocument): TextRow {
  return {
    number: text.number,
    state: outwardState(text.state),
    reasons: [...text.reasons],
    held: text.held && { by: text.held.by, until: text.held.until.toISOString() },
    text: text.text,
    attemptId: text.attemptId,
    epoch: text.epoch,
    rev: text.rev,
    gatedAt: text.gatedAt?.toISOString() ?? null,
    writtenAt: text.writtenAt?.toISOString() ?? null,
    providerId: text.providerId,
    optedOutAt: text.optedOut?.at.toISOString() ?? null,
  }
}

/** A text to one person, as a conversation shows it. */
export const PastTextRow = TextRow.extend({
  textId: z.string(),
  /** When it was handed over or ended; of one that still waits, when it was made. */
  at: Time,
  origin: Origin,
  /** What it was made for: a broadcast's id, a sequence's. */
  madeFor: z.string(),
  from: PhoneNumber,
  segments: z.int().positive(),
  /** The furthest receipt. */
  delivery: z.strictObject({ status: DeliveryStatus, errorCode: z.string().nullable(), at: Time }).nullable(),
})
export type PastTextRow = z.infer<typeof PastTextRow>

export function pastTextRow({ at, text }: PastText): PastTextRow {
  const { delivery } = text
  return {
    ...textRow(text),
    textId: text._id,
    at: at.toISOString(),
    origin: text.origin,
    madeFor: text.lane,
    from: text.from,
    segments: text.segments,
    delivery: delivery && { status: delivery.status, errorCode: delivery.errorCode, at: delivery.at },
  }
}
