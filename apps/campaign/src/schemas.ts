import { AudienceCursor, audiencePage } from '@heed/audience'
import { TextRow } from '@heed/outbound'
import { AccountId, PhoneNumber } from '@heed/phone'
import { GivenWindows, placeFields } from '@heed/quiet-hours'
import { templateFault } from '@heed/wording'
import { z } from 'zod'

/** A broadcast's id, as `broadcasts.create` returns it. */
export const BroadcastId = z.string().regex(/^bc_[0-9a-z]{8,40}$/)
const ContactId = z.string().regex(/^[\x21-\x7e]{1,100}$/)
const Time = z.iso.datetime()
/** Where a page of recipients left off. */
const TextCursor = z.string().regex(/^[0-9a-z_-]{1,80}$/)

/** As contacts name theirs; `name` is the person's. */
const FieldName = z.string().regex(/^[\p{L}\p{N}_ .-]{1,64}$/u)
const Fields = z
  .record(FieldName, z.string().max(1_000))
  .refine((fields) => Object.keys(fields).length <= 51, { message: 'too many fields' })
  .transform((fields) =>
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value])),
  )

export const RecipientInput = z.strictObject({
  number: PhoneNumber,
  contactId: ContactId.optional(),
  /** What merge fields say of the person. */
  fields: Fields.optional(),
  /** Where the person is, for quiet hours; without it the number's area code tells. */
  ...placeFields,
})
const Recipients = z.array(RecipientInput).min(1).max(10_000)

const Template = z
  .string()
  .min(1)
  .max(1_600)
  .superRefine((text, context) => {
    const fault = templateFault(text)
    if (fault) context.addIssue({ code: 'custom', message: fault.message })
  })

export const CreateInput = z.strictObject({
  accountId: AccountId,
  /** A business number of the account. */
  from: PhoneNumber,
  /** As the author wrote it, with merge fields `{{name|there}}`; at most what a carrier accepts (Twilio: 1,600 characters). */
  text: Template,
  /** Without any the draft is empty, and gets its people by `addRecipients` and `addAudience`. */
  recipients: Recipients.optional(),
  /** Segments a second over all copies of the service; as fast as it goes where not given. */
  ratePerSecond: z.number().min(0.1).max(10_000).optional(),
  /** Texts outside these wait for the next one; at any time where not given. */
  sendWindows: GivenWindows.optional(),
  /** In place of the account's wording for broadcasts. */
  optOutInstruction: z.string().trim().min(1).max(320).optional(),
})
export type CreateInput = z.infer<typeof CreateInput>
export const CreateOutput = z.strictObject({ broadcastId: BroadcastId })

export const AddRecipientsInput = z.strictObject({
  accountId: AccountId,
  broadcastId: BroadcastId,
  recipients: Recipients,
})
export type AddRecipientsInput = z.infer<typeof AddRecipientsInput>

export const AddAudienceInput = z.strictObject({
  accountId: AccountId,
  broadcastId: BroadcastId,
  ...audiencePage,
})
export type AddAudienceInput = z.infer<typeof AddAudienceInput>
export const AddAudienceOutput = z.strictObject({
  /** Of this page: with a number in the broadcast now. */
  people: z.int().nonnegative(),
  nextCursor: AudienceCursor.nullable(),
})

export const OneBroadcastInput = z.strictObject({ accountId: AccountId, broadcastId: BroadcastId })
export type OneBroadcastInput = z.infer<typeof OneBroadcastInput>

export const WhatIfInput = z.strictObject({
  accountId: AccountId,
  broadcastId: BroadcastId,
  /** Where the call before left off. */
  cursor: TextCursor.optional(),
})
export type WhatIfInput = z.infer<typeof WhatIfInput>

export const PublicState = z.enum(['draft', 'running', 'paused', 'finished', 'cancelled'])
export const StateOutput = z.strictObject({ broadcastId: BroadcastId, state: PublicState })

const Count = z.int().nonnegative()
export const Counts = z.strictObject({
  waiting: Count,
  sent: Count,
  suppressed: Count,
  failed: Count,
  unknown: Count,
})

/** Of a page of up to 5,000 recipients; the first three sum to the fourth. */
export const WhatIfOutput = z.strictObject({
  send: Count,
  held: Count,
  suppressed: Count,
  recipients: Count,
  /** A recipient with two reasons counts for both. */
  reasons: z.array(z.strictObject({ reason: z.string(), recipients: z.int().positive() })),
  /** Of what would be sent, at once or later. */
  segments: Count,
  /** Whether the account keeps the law's quiet hours, and whether it has caps; caps are not forecast. */
  quietHours: z.enum(['off', 'on']),
  caps: z.enum(['off', 'on']),
  nextCursor: z.string().nullable(),
})

const broadcastFields = {
  broadcastId: BroadcastId,
  accountId: AccountId,
  state: PublicState,
  from: PhoneNumber,
  /** As it is sent, the opt-out instruction included. */
  text: z.string(),
  instructionAppended: z.boolean(),
  encoding: z.enum(['GSM-7', 'UCS-2']),
  /** Of one text. */
  segments: z.int().positive(),
  ratePerSecond: z.number().nullable(),
  sendWindows: GivenWindows.nullable(),
  createdAt: Time,
  startedAt: Time.nullable(),
  endedAt: Time.nullable(),
}
export const BroadcastSummary = z.strictObject(broadcastFields)
/** The five counts sum to the recipients at every instant. */
export const BroadcastOutput = z.strictObject({ ...broadcastFields, recipients: Count, counts: Counts })

export const ListInput = z.strictObject({
  accountId: AccountId,
  cursor: BroadcastId.optional(),
  limit: z.int().min(1).max(100).optional(),
})
export type ListInput = z.infer<typeof ListInput>
export const ListOutput = z.strictObject({
  broadcasts: z.array(BroadcastSummary),
  nextCursor: BroadcastId.nullable(),
})

export const RecipientsInput = z.strictObject({
  accountId: AccountId,
  broadcastId: BroadcastId,
  cursor: TextCursor.optional(),
  limit: z.int().min(1).max(1_000).optional(),
})
export type RecipientsInput = z.infer<typeof RecipientsInput>

export const RecipientsOutput = z.strictObject({
  rows: z.array(TextRow),
  nextCursor: z.string().nullable(),
})
