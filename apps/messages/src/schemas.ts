import { ConsentOp } from '@heed/events'
import { PastTextRow, RowReason, TextRow, TimePlace } from '@heed/outbound'
import { AccountId, ListName, PhoneNumber } from '@heed/phone'
import { placeFields } from '@heed/quiet-hours'
import { z } from 'zod'

/** A text's id, as `messages.send` returns it. */
export const MessageId = z.string().regex(/^tx_[0-9a-f]{32}$/)
const Text = z.string().min(1).max(1_600)
const Time = z.iso.datetime()
/** Who writes: an agent, an app, or a CRM. */
const MessageOrigin = z.enum(['one-to-one', 'api', 'crm'])

export const ComposeInput = z.strictObject({
  accountId: AccountId,
  number: PhoneNumber,
  origin: MessageOrigin.optional(),
  /** What would be sent, where its segments are asked for. */
  text: Text.optional(),
})
export type ComposeInput = z.infer<typeof ComposeInput>
export const ComposeOutput = z.strictObject({
  /** As the authority says now; the gate asks again in the instant of the first byte. */
  allowed: z.boolean(),
  /** Every block that stands, and how it came; empty where the person may be texted. */
  reasons: z.array(
    RowReason.extend({ list: ListName, cause: z.string().nullable(), actor: z.string().nullable() }),
  ),
  /** The account's business numbers. */
  from: z.array(PhoneNumber),
  /** Of the text given. */
  encoding: z.enum(['GSM-7', 'UCS-2']).nullable(),
  segments: z.int().positive().nullable(),
})
export type ComposeOutput = z.infer<typeof ComposeOutput>

export const SendInput = z.strictObject({
  accountId: AccountId,
  /** The caller's own name of this text: whatever repeats it sends nothing more. */
  requestId: z.string().regex(/^[\x21-\x7e]{1,100}$/),
  number: PhoneNumber,
  /** A business number of the account. */
  from: PhoneNumber,
  text: Text,
  origin: MessageOrigin.optional(),
  contactId: z
    .string()
    .regex(/^[\x21-\x7e]{1,100}$/)
    .optional(),
  /** Who wrote it. */
  actor: z.string().trim().min(1).max(200).optional(),
  ...placeFields,
  /** Appended unless the text instructs already; nothing is where not given. */
  optOutInstruction: z.string().trim().min(1).max(320).optional(),
})
export type SendInput = z.infer<typeof SendInput>

export const Message = TextRow.extend({
  messageId: MessageId,
  accountId: AccountId,
  origin: z.string(),
  from: PhoneNumber,
  contactId: z.string().nullable(),
  actor: z.string().nullable(),
  segments: z.int().positive(),
  createdAt: Time,
  delivery: PastTextRow.shape.delivery,
})
export type Message = z.infer<typeof Message>

export const GetInput = z.strictObject({ accountId: AccountId, messageId: MessageId })
export type GetInput = z.infer<typeof GetInput>

const page = { before: TimePlace.optional(), limit: z.int().min(1).max(200).optional() }
export const ListInput = z.strictObject({ accountId: AccountId, ...page })
export type ListInput = z.infer<typeof ListInput>
export const ListOutput = z.strictObject({ messages: z.array(Message), next: TimePlace.nullable() })

export const ConversationInput = z.strictObject({ accountId: AccountId, number: PhoneNumber, ...page })
export type ConversationInput = z.infer<typeof ConversationInput>

const Sent = PastTextRow.omit({ textId: true }).extend({
  kind: z.literal('sent'),
  id: z.string(),
  /** The service that keeps the text. */
  service: z.enum(['messages', 'campaign', 'sequence']),
})
const Received = z.strictObject({
  kind: z.literal('received'),
  /** The carrier's message id. */
  id: z.string(),
  at: Time,
  to: z.string(),
  text: z.string(),
  mediaCount: z.int().nonnegative(),
  /** What it was read as, and what became of it. */
  intent: z.string(),
  outcome: z.string(),
})
const Consent = z.strictObject({
  kind: z.literal('consent'),
  id: z.string(),
  at: Time,
  rev: z.int().positive(),
  list: ListName,
  op: ConsentOp,
  outcome: z.string(),
  cause: z.string(),
  source: z.string(),
  actor: z.string().nullable(),
  note: z.string().nullable(),
})
export const TimelineItem = z.discriminatedUnion('kind', [Sent, Received, Consent])
export type TimelineItem = z.infer<typeof TimelineItem>

export const services = ['messages', 'campaign', 'sequence', 'inbound-sms', 'compliance'] as const
export const ConversationOutput = z.strictObject({
  items: z.array(TimelineItem),
  /** Those that did not answer, so that what they know is not in this page. */
  missing: z.array(z.enum(services)),
  next: TimePlace.nullable(),
})
export type ConversationOutput = z.infer<typeof ConversationOutput>
