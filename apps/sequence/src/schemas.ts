import { AudienceCursor, audiencePage } from '@heed/audience'
import { RowReason, TextRow } from '@heed/outbound'
import { AccountId, PhoneNumber } from '@heed/phone'
import { GivenWindows, placeFields } from '@heed/quiet-hours'
import { templateFault } from '@heed/wording'
import { z } from 'zod'
import { enrolmentStates } from './domain/enrolment.ts'
import { sequenceStates } from './domain/sequence-state.ts'

/** A sequence's id, as `sequences.create` returns it. */
export const SequenceId = z.string().regex(/^sq_[0-9a-z]{8,40}$/)
const EnrolmentId = z.string().regex(/^en_[0-9a-z]{8,40}$/)
const ContactId = z.string().regex(/^[\x21-\x7e]{1,100}$/)
const Time = z.iso.datetime()
/** 366 days. */
const delayMsMax = 31_622_400_000

const Step = z.strictObject({
  /** Counted from the hand-off of the step before, the first one's from the enrolment; 0: at once. */
  delayMs: z.int().min(0).max(delayMsMax),
  /** As the author wrote it, with merge fields `{{name|there}}`; at most what a carrier accepts (Twilio: 1,600 characters). */
  text: z
    .string()
    .min(1)
    .max(1_600)
    .superRefine((text, context) => {
      const fault = templateFault(text)
      if (fault) context.addIssue({ code: 'custom', message: fault.message })
    }),
  /** A text that is due outside these waits for the next one; at any time where not given. */
  sendWindows: GivenWindows.optional(),
})

const Tag = z.string().trim().min(1).max(64)
/** When somebody leaves a sequence before its end, besides an opt-out, which always ends it. */
const Exits = {
  /** They text the account, whatever they say. */
  exitOnReply: z.boolean().optional(),
  /** They have any of these tags when a step comes up; a person who is no contact has none. */
  excludeTags: z.array(Tag).max(50).optional(),
}

/** Whoever of contacts gets any of these tags from now on, by hand or by an import, is enrolled, once for all. */
const Triggers = z.array(Tag).max(20)

/** What merge fields say of a person, by name. */
const Fields = z
  .record(z.string().regex(/^[\p{L}\p{N}_ .-]{1,64}$/u), z.string().max(1_000))
  .refine((fields) => Object.keys(fields).length <= 51, { message: 'too many fields' })
  .transform((fields) =>
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value])),
  )

export const CreateInput = z.strictObject({
  accountId: AccountId,
  /** A business number of the account. */
  from: PhoneNumber,
  steps: z.array(Step).min(1).max(50),
  /** In place of the account's wording for sequences. */
  optOutInstruction: z.string().trim().min(1).max(320).optional(),
  ...Exits,
  triggers: Triggers.optional(),
})
export type CreateInput = z.infer<typeof CreateInput>
export const CreateOutput = z.strictObject({ sequenceId: SequenceId })

export const EnrolInput = z.strictObject({
  accountId: AccountId,
  sequenceId: SequenceId,
  recipients: z
    .array(
      z.strictObject({
        number: PhoneNumber,
        contactId: ContactId.optional(),
        /** What merge fields say of the person. */
        fields: Fields.optional(),
        ...placeFields,
      }),
    )
    .min(1)
    .max(10_000),
})
export type EnrolInput = z.infer<typeof EnrolInput>
const Count = z.int().nonnegative()
/** The two sum to the recipients given. */
export const EnrolOutput = z.strictObject({ enrolled: Count, known: Count })

export const EnrolAudienceInput = z.strictObject({
  accountId: AccountId,
  sequenceId: SequenceId,
  ...audiencePage,
})
export type EnrolAudienceInput = z.infer<typeof EnrolAudienceInput>
/** The two counts sum to the people of this page. */
export const EnrolAudienceOutput = z.strictObject({
  enrolled: Count,
  known: Count,
  nextCursor: AudienceCursor.nullable(),
})

export const OneSequenceInput = z.strictObject({ accountId: AccountId, sequenceId: SequenceId })
export type OneSequenceInput = z.infer<typeof OneSequenceInput>

const SequenceState = z.enum(sequenceStates)
export const StateOutput = z.strictObject({ sequenceId: SequenceId, state: SequenceState })

const sequenceFields = {
  sequenceId: SequenceId,
  accountId: AccountId,
  state: SequenceState,
  from: PhoneNumber,
  optOutInstruction: z.string().nullable(),
  exitOnReply: z.boolean(),
  excludeTags: z.array(z.string()),
  triggers: z.array(z.string()),
  createdAt: Time,
  cancelledAt: Time.nullable(),
}
const StepCounts = z.strictObject({
  waiting: Count,
  sent: Count,
  suppressed: Count,
  failed: Count,
  unknown: Count,
})
export const SequenceOutput = z.strictObject({
  ...sequenceFields,
  /** By state; they sum to all enrolments at every instant. */
  enrolments: z.strictObject({
    active: Count,
    finished: Count,
    suppressed: Count,
    failed: Count,
    cancelled: Count,
  }),
  /** The counts of a step sum to the enrolments that have reached it, the first's to all. */
  steps: z.array(
    Step.extend({
      counts: StepCounts,
      /** People who answered this step's text with an opt-out. */
      optOuts: Count,
    }),
  ),
})

export const ListInput = z.strictObject({
  accountId: AccountId,
  cursor: SequenceId.optional(),
  limit: z.int().min(1).max(100).optional(),
})
export type ListInput = z.infer<typeof ListInput>
export const ListOutput = z.strictObject({
  sequences: z.array(z.strictObject({ ...sequenceFields, steps: z.array(Step) })),
  nextCursor: SequenceId.nullable(),
})

export const EnrolmentsInput = OneSequenceInput.extend({
  cursor: EnrolmentId.optional(),
  limit: z.int().min(1).max(1_000).optional(),
})
export type EnrolmentsInput = z.infer<typeof EnrolmentsInput>

const StepRow = TextRow.extend({ dueAt: Time })
const EnrolmentRow = z.strictObject({
  enrolmentId: EnrolmentId,
  number: PhoneNumber,
  contactId: z.string().nullable(),
  /** 1 at first; counts the beginnings of this number. */
  generation: z.int().positive(),
  state: z.enum(enrolmentStates),
  /** Every reason that ended it, so that a report can say why each person was skipped. */
  reasons: z.array(RowReason),
  enrolledAt: Time,
  endedAt: Time.nullable(),
  /** In order, as far as it has come. */
  steps: z.array(StepRow),
})
export const EnrolmentsOutput = z.strictObject({
  rows: z.array(EnrolmentRow),
  nextCursor: EnrolmentId.nullable(),
})
