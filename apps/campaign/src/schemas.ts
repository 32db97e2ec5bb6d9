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

const CreateFields = z.strictObject({
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
  /** It carries no instruction, and why: the reason is kept. */
  withoutInstruction: z.strictObject({ reason: z.string().trim().min(1).max(500) }).optional(),
})
export const CreateInput = CreateFields.refine(
  ({ optOutInstruction, withoutInstruction }) => !optOutInstruction || !withoutInstruction,
  { message: 'an instruction is given and left out' },
)
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

export const ScheduleInput = OneBroadcastInput.extend({ startsAt: Time })
export type ScheduleInput = z.infer<typeof ScheduleInput>

/** What merge fields say of people who need not be recipients. */
export const PreviewInput = OneBroadcastInput.extend({
  people: z
    .array(z.strictObject({ fields: Fields }))
    .min(1)
    .max(100),
})
export type PreviewInput = z.infer<typeof PreviewInput>
export const PreviewOutput = z.strictObject({
  texts: z.array(z.strictObject({ text: z.string(), segments: z.int().positive(), isTooLong: z.boolean() })),
})

export const TestSendInput = OneBroadcastInput.extend({
  /** The caller's own name of this trial: whatever repeats it sends nothing more. */
  requestId: z.string().regex(/^[\x21-\x7e]{1,100}$/),
  number: PhoneNumber,
  fields: Fields.optional(),
})
export type TestSendInput = z.infer<typeof TestSendInput>

export const WhatIfInput = z.strictObject({
  accountId: AccountId,
  broadcastId: BroadcastId,
  /** Where the call before left off. */
  cursor: TextCursor.optional(),
  /** What the carrier takes for a segment, in any currency. */
  segmentPrice: z.number().positive().max(1_000).optional(),
})
export type WhatIfInput = z.infer<typeof WhatIfInput>

export const PublicState = z.enum(['draft', 'scheduled', 'running', 'paused', 'finished', 'cancelled'])
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
  /** Of these segments, where a price was given. */
  cost: z.number().nullable(),
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
  /** Why it carries no instruction. */
  instructionOff: z.string().nullable(),
  encoding: z.enum(['GSM-7', 'UCS-2']),
  /** Of one text. */
  segments: z.int().positive(),
  ratePerSecond: z.number().nullable(),
  sendWindows: GivenWindows.nullable(),
  createdAt: Time,
  /** When it is to be started, while it is scheduled. */
  startsAt: Time.nullable(),
  startedAt: Time.nullable(),
  endedAt: Time.nullable(),
}
export const BroadcastSummary = z.strictObject(broadcastFields)
/** The five counts sum to the recipients at every instant. */
export const BroadcastOutput = z.strictObject({
  ...broadcastFields,
  recipients: Count,
  counts: Counts,
  /** People who answered its text with an opt-out, within seven days and before another text from its number. */
  optOuts: Count,
})

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
