import { ConsentOp } from '@heed/events'
import { AccountId, Epoch, ListName, NationalList, PhoneNumber } from '@heed/phone'
import { z } from 'zod'
import { LanguageCode } from './accounts.ts'

/** Unique in its account: a carrier's message id, the request id of an operator, an import and its line. */
export const Source = z.string().regex(/^[\x21-\x7e]{1,100}$/)
const Cause = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
const Time = z.iso.datetime({ offset: false })

/** The message as it was received, kept word for word as evidence. */
export const ReceivedMessage = z.strictObject({
  text: z.string().max(20_000),
  carrier: z.string().regex(/^[a-z0-9-]{1,32}$/),
  /** Times of two messages compare only within one carrier account. */
  carrierAccount: z.string().min(1).max(64),
  carrierMessageId: z.string().min(1).max(100),
  receivedAt: Time,
})

/** Who is asked about: an account, or the account that owns a business number. Just one of the two. */
const account = { accountId: AccountId.optional(), businessNumber: PhoneNumber.optional() }
const namesOneAccount = (input: { accountId?: unknown; businessNumber?: unknown; message?: unknown }) =>
  input.accountId !== undefined || input.businessNumber !== undefined
const namesOne = { message: 'name the account or the business number' }

const evidence = {
  cause: Cause,
  source: Source,
  sentAt: Time.optional(),
  actor: z.string().min(1).max(200).optional(),
  note: z.string().min(1).max(2_000).optional(),
  message: ReceivedMessage.optional(),
  /** What the person wrote in, so that they are answered in it. */
  language: LanguageCode.optional(),
}

/** Of the account's own: a list that accounts share is no account's to write. */
const OwnList = ListName.refine((list) => !NationalList.safeParse(list).success, {
  message: 'a list that accounts share',
})

export const OptOutInput = z
  .strictObject({
    ...account,
    numbers: z.array(PhoneNumber).min(1).max(64),
    list: OwnList.optional(),
    ...evidence,
    wait: z.boolean().optional(),
  })
  .refine(namesOneAccount, namesOne)

export const OptOutOutcome = z.enum(['turned', 'renewed', 'known'])
export const OptOutOutput = z.strictObject({
  accountId: AccountId,
  epoch: Epoch,
  rev: z.int().positive(),
  /** From here on no sender hands over a text that this binds. */
  effectiveBy: Time,
  results: z.array(
    z.strictObject({
      number: PhoneNumber,
      list: ListName,
      outcome: OptOutOutcome,
      rev: z.int().positive(),
      replayed: z.boolean(),
    }),
  ),
  /** The one confirmation, to be sent now; null where none is due: a repeat, or the carrier replies. */
  confirmation: z.string().nullable(),
})

export const OptInInput = z
  .strictObject({
    ...account,
    number: PhoneNumber,
    list: OwnList.optional(),
    ...evidence,
    /** What the carrier told of the opt-outs that hold the number, by source. */
    blockTimes: z
      .array(z.strictObject({ source: Source, sentAt: Time }))
      .max(64)
      .optional(),
    /** A YES: it lifts a block, and is no consent where nothing blocks. */
    onlyIfBlocked: z.boolean().optional(),
    basis: z.strictObject({ epoch: Epoch, rev: z.int().positive() }).optional(),
  })
  .refine(namesOneAccount, namesOne)

export const OptInOutput = z.strictObject({
  accountId: AccountId,
  outcome: z.enum(['lifted', 'no-block', 'stale']),
  epoch: Epoch,
  rev: z.int().positive(),
  replayed: z.boolean(),
  /** The reply to a START that lifted a block or recorded consent; null where none is due. */
  reply: z.string().nullable(),
})

export const StatusInput = z.strictObject({
  accountId: AccountId,
  numbers: z.array(PhoneNumber).min(1).max(1_000),
})
export const NumberStatus = z.strictObject({
  number: PhoneNumber,
  /** Of the person's own opt-out and opt-in alone; other lists show in `blocks`. */
  state: z.enum(['never', 'in', 'out']),
  since: Time.nullable(),
  cause: z.string().nullable(),
  actor: z.string().nullable(),
  rev: z.int().positive().nullable(),
  blocks: z.array(
    z.strictObject({
      list: ListName,
      since: Time,
      cause: z.string(),
      actor: z.string().optional(),
      epoch: Epoch,
      rev: z.int().positive(),
      /** The opt-outs that hold it, the last eight of `held`. */
      sources: z.array(z.string()),
      /** The same, each with what is needed to ask the carrier for its time. */
      holders: z.array(
        z.strictObject({
          source: z.string(),
          sentAt: Time.optional(),
          carrierAccount: z.string().optional(),
          carrierMessageId: z.string().optional(),
        }),
      ),
      held: z.int().positive(),
    }),
  ),
})
export const StatusOutput = z.array(NumberStatus)

export const HistoryInput = z.strictObject({
  accountId: AccountId,
  number: PhoneNumber,
  after: z.int().nonnegative().optional(),
  limit: z.int().min(1).max(500).optional(),
})
export const HistoryOutput = z.array(
  z.strictObject({
    rev: z.int().positive(),
    list: ListName,
    op: ConsentOp,
    outcome: z.string(),
    source: z.string(),
    cause: z.string(),
    at: Time,
    sentAt: Time.nullable(),
    businessNumber: PhoneNumber.nullable(),
    actor: z.string().nullable(),
    note: z.string().nullable(),
    message: ReceivedMessage.nullable(),
    chain: z.string(),
  }),
)

export const ChangesInput = z.strictObject({
  accountId: AccountId,
  after: z.int().nonnegative(),
  limit: z.int().min(1).max(1_000).optional(),
})
export const ConsentChange = z.strictObject({
  rev: z.int().positive(),
  number: PhoneNumber,
  list: ListName,
  op: ConsentOp,
  cause: z.string(),
  sentAt: Time.optional(),
  at: Time,
  businessNumber: PhoneNumber.optional(),
  source: z.string(),
})
export const ChangesOutput = z.strictObject({
  epoch: Epoch,
  /** The account's last rev; more is to be asked for while the last change is below it. */
  rev: z.int().nonnegative(),
  changes: z.array(ConsentChange),
})

export const ListInput = z.strictObject({
  accountId: AccountId,
  list: ListName.optional(),
  cursor: z.string().max(200).optional(),
  limit: z.int().min(1).max(1_000).optional(),
})
export const ListOutput = z.strictObject({
  rows: z.array(
    z.strictObject({ number: PhoneNumber, list: ListName, since: Time, rev: z.int().positive() }),
  ),
  nextCursor: z.string().nullable(),
})
