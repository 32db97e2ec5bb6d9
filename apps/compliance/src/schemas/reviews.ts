import { AccountId, Epoch, PhoneNumber } from '@heed/phone'
import { z } from 'zod'
import { Source } from './consent.ts'

const Time = z.iso.datetime({ offset: false })
const ReviewState = z.enum(['open', 'confirmed', 'undone'])
const who = { actor: z.string().min(1).max(200) }
const note = z.string().min(1).max(2_000)

export const ReviewsInput = z.strictObject({
  accountId: AccountId,
  state: ReviewState.optional(),
  cursor: z.string().max(200).optional(),
  limit: z.int().min(1).max(200).optional(),
})
export const ReviewsOutput = z.strictObject({
  rows: z.array(
    z.strictObject({
      source: Source,
      number: PhoneNumber,
      state: ReviewState,
      /** The rule that heard it; docs/keywords.md says what it hears. */
      rule: z.string(),
      text: z.string().nullable(),
      openedAt: Time,
      /** The person's own block as it stands now, for `reviews.undo` to name; null where none does. */
      block: z
        .strictObject({ epoch: Epoch, rev: z.int().positive(), since: Time, isInferred: z.boolean() })
        .nullable(),
      decidedAt: Time.nullable(),
      decidedBy: z.string().nullable(),
      note: z.string().nullable(),
    }),
  ),
  nextCursor: z.string().nullable(),
})

export const ConfirmReviewInput = z.strictObject({
  accountId: AccountId,
  source: Source,
  ...who,
  note: note.optional(),
})
export const ConfirmReviewOutput = z.strictObject({ state: ReviewState })

export const UndoReviewInput = z.strictObject({
  accountId: AccountId,
  source: Source,
  ...who,
  note,
  basis: z.strictObject({ epoch: Epoch, rev: z.int().positive() }),
})
export const UndoReviewOutput = z.strictObject({
  /** `stale`: the block is no longer the one seen, and stands; read the review again. */
  outcome: z.enum(['lifted', 'no-block', 'stale']),
  state: ReviewState,
  epoch: Epoch,
  rev: z.int().positive(),
})
