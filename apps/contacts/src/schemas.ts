import { ContactChange } from '@heed/events'
import { AccountId, Epoch, ListName, PhoneNumber } from '@heed/phone'
import { isCountry } from '@heed/phone/read'
import { TimeZone } from '@heed/quiet-hours'
import { z } from 'zod'
import type { Filter } from './domain/filter.ts'

const id = (prefix: string) => z.string().regex(new RegExp(`^${prefix}_[0-9a-z]{8,40}$`))
export const ContactId = id('ct')
export const ListId = id('ls')
const Time = z.iso.datetime()
const Tag = z.string().trim().min(1).max(64)
const Actor = z.string().trim().min(1).max(200)
const Note = z.string().trim().min(1).max(2_000)
const Field = z.strictObject({
  name: z
    .string()
    .regex(/^[\p{L}\p{N}_ .-]{1,64}$/u)
    .trim()
    .min(1),
  value: z.string().max(1_000),
})
const distinct = (items: readonly string[]) => new Set(items).size === items.length

const content = {
  name: z.string().trim().max(200),
  zone: TimeZone.nullable(),
  /** Of the United States. */
  zip: z
    .string()
    .regex(/^\d{5}$/)
    .nullable(),
  fields: z.array(Field).max(50),
  /** The first is the one that is texted. */
  numbers: z.array(PhoneNumber).min(1).max(20).refine(distinct, { message: 'a number stands twice' }),
  tags: z.array(Tag).max(100),
}

export const CreateInput = z.strictObject({
  accountId: AccountId,
  ...z.strictObject(content).partial({ name: true, zone: true, zip: true, fields: true, tags: true }).shape,
})
export type CreateInput = z.infer<typeof CreateInput>
export const EditInput = z.strictObject({
  accountId: AccountId,
  contactId: ContactId,
  /** The version that the change is made on; without it, whatever stands. */
  basisVersion: z.int().positive().optional(),
  change: z.strictObject(content).partial(),
})
export type EditInput = z.infer<typeof EditInput>

/** A row as a file has it. What is wrong with one is told of it alone, so nothing but its size is insisted on here. */
const ImportRow = z.strictObject({
  line: z.int().positive(),
  numbers: z.array(z.string().max(100)).max(50),
  name: z.string().max(2_000).optional(),
  zone: z.string().max(200).optional(),
  zip: z.string().max(200).optional(),
  fields: z
    .array(z.strictObject({ name: z.string().max(2_000), value: z.string().max(20_000) }))
    .max(500)
    .optional(),
  tags: z.array(z.string().max(2_000)).max(500).optional(),
})
export type ImportRow = z.infer<typeof ImportRow>
export const ImportRowsInput = z.strictObject({
  accountId: AccountId,
  /** Names the import: with the line it makes the contact's id. Time and chance, as other ids have them. */
  importId: z.string().regex(/^im_[0-9a-z]{9}[0-9a-f]{8}$/),
  rows: z.array(ImportRow).min(1).max(500),
  /** Which country a number without its code is of. */
  country: z.string().refine(isCountry, { message: 'no country code (ISO 3166-1, two letters)' }).optional(),
  /** Whose first number a contact has already: leave the row out, or add its tags, fields and numbers to them. */
  known: z.enum(['skip', 'update']).optional(),
  /** Tells what would come of it, and keeps nothing. */
  dryRun: z.boolean().optional(),
})
export type ImportRowsInput = z.infer<typeof ImportRowsInput>
/** The four sum to the rows; a row that is repeated counts as created again. */
export const ImportRowsOutput = z.strictObject({
  created: z.int().nonnegative(),
  updated: z.int().nonnegative(),
  known: z.int().nonnegative(),
  /** What cannot be taken, by line and field. */
  errors: z.array(z.strictObject({ line: z.int().positive(), field: z.string() })),
})

export const OneContactInput = z.strictObject({ accountId: AccountId, contactId: ContactId })
export type OneContactInput = z.infer<typeof OneContactInput>

export const ContactSummary = z.strictObject({
  contactId: ContactId,
  version: z.int().positive(),
  ...content,
  lists: z.array(ListId),
  /** Any of the numbers is opted out, as of the projection. */
  optOut: z.boolean(),
  dnc: z.strictObject({ since: Time, actor: z.string(), note: z.string() }).nullable(),
  createdAt: Time,
  changedAt: Time,
})

const NumberStanding = z.strictObject({
  number: PhoneNumber,
  optOut: z.boolean(),
  dnc: z.boolean(),
  /** Since when, why and by whom: of the opt-out. */
  since: Time.nullable(),
  cause: z.string().nullable(),
  actor: z.string().nullable(),
  /** Every list that blocks it, with what an admin names to lift it. */
  blocks: z.array(
    z.strictObject({
      list: ListName,
      since: Time,
      cause: z.string(),
      actor: z.string().nullable(),
      basis: z.strictObject({ epoch: Epoch, rev: z.int().positive() }),
    }),
  ),
  /** How many other contacts have the number. */
  sharedWith: z.int().nonnegative(),
})
export const ContactOutput = z.strictObject({
  ...ContactSummary.shape,
  standing: z.array(NumberStanding),
  /** Whether the authority said so just now, or the projection as of its last change. */
  consentFrom: z.enum(['authority', 'projection']),
})

export const Selection = z.array(ContactId).min(1).max(200).refine(distinct, { message: 'one stands twice' })
export const TagInput = z.strictObject({
  accountId: AccountId,
  contactIds: Selection,
  add: z.array(Tag).max(20).optional(),
  remove: z.array(Tag).max(20).optional(),
})
export type TagInput = z.infer<typeof TagInput>
export const CountOutput = z.strictObject({ changed: z.int().nonnegative() })

export const DuplicatesInput = z.strictObject({
  accountId: AccountId,
  cursor: ContactId.optional(),
  limit: z.int().min(1).max(1_000).optional(),
})
export type DuplicatesInput = z.infer<typeof DuplicatesInput>
export const DuplicatesOutput = z.strictObject({
  shared: z.array(z.strictObject({ number: PhoneNumber, contactIds: z.array(ContactId) })),
  nextCursor: ContactId.nullable(),
})
export const MergeInput = z.strictObject({
  accountId: AccountId,
  /** Who goes. */
  contactId: ContactId,
  /** Who stays. */
  intoId: ContactId,
})
export type MergeInput = z.infer<typeof MergeInput>

export const TaggedInput = z.strictObject({
  accountId: AccountId,
  contactIds: z.array(ContactId).min(1).max(1_000),
  tags: z.array(Tag).min(1).max(50),
})
export type TaggedInput = z.infer<typeof TaggedInput>
export const PeopleInput = TaggedInput.omit({ tags: true })
export type PeopleInput = z.infer<typeof PeopleInput>
export const PeopleOutput = z.strictObject({ contacts: z.array(ContactSummary) })
export const TaggedOutput = z.strictObject({ contactIds: z.array(ContactId) })

/** As an event or an answer of `contacts.changes` named it. */
const ChangeCursor = z.string().regex(/^[1-9]\d{0,14}\.[0-9a-f]{8,32}$/)
export const ChangesInput = z.strictObject({
  accountId: AccountId,
  /** The last that was taken; from the oldest that is kept without it. */
  after: ChangeCursor.optional(),
  limit: z.int().min(1).max(500).optional(),
})
export type ChangesInput = z.infer<typeof ChangesInput>
const Change = z.strictObject({
  /** Of the account, without holes. */
  rev: z.int().positive(),
  cursor: ChangeCursor,
  at: Time,
  contacts: z.array(ContactChange),
})
export const ChangesOutput = z.strictObject({
  /** In order; fewer than `limit` where there are no more. */
  changes: z.array(Change),
  /** What `after` named is not known any more (a restore, or 30 days): these are all that are kept, from the oldest. */
  anew: z.boolean(),
  /** The last one of the account. */
  head: Change.omit({ contacts: true }).nullable(),
})

export const SetDncInput = z.strictObject({
  accountId: AccountId,
  contactId: ContactId,
  dnc: z.boolean(),
  note: Note,
  actor: Actor.optional(),
})
export type SetDncInput = z.infer<typeof SetDncInput>

/** Names a call, so that a repeated one is the same opt-out. */
const RequestId = z.string().regex(/^[\x21-\x7e]{1,60}$/)

export const SetSmsOptOutInput = z.strictObject({
  accountId: AccountId,
  contactId: ContactId,
  number: PhoneNumber,
  optedOut: z.boolean(),
  note: Note.optional(),
  /** What is lifted, as `contacts.get` shows it; only where `optedOut` is false. */
  basis: z.strictObject({ epoch: Epoch, rev: z.int().positive() }).optional(),
  actor: Actor.optional(),
  requestId: RequestId.optional(),
})
export type SetSmsOptOutInput = z.infer<typeof SetSmsOptOutInput>
export const SetSmsOptOutOutput = z.strictObject({
  outcome: z.enum(['turned', 'renewed', 'known', 'lifted', 'no-block', 'stale']),
  rev: z.int().positive(),
  /** From here on no text goes out that the opt-out binds; null where one was lifted. */
  effectiveBy: Time.nullable(),
})

export const OptOutSelectionInput = z.strictObject({
  accountId: AccountId,
  contactIds: Selection,
  actor: Actor.optional(),
  requestId: RequestId.optional(),
})
export type OptOutSelectionInput = z.infer<typeof OptOutSelectionInput>
export const OptOutSelectionOutput = z.strictObject({
  contacts: z.int().nonnegative(),
  numbers: z.int().nonnegative(),
  effectiveBy: Time.nullable(),
})

const parts = () => z.array(FilterInput).max(50)
export const FilterInput: z.ZodType<Filter> = z.lazy(() =>
  z.union([
    z.strictObject({ all: parts() }),
    z.strictObject({ any: parts() }),
    z.strictObject({ none: parts() }),
    z.strictObject({ tag: Tag }),
    z.strictObject({ list: ListId }),
    z.strictObject({ field: z.strictObject({ name: Field.shape.name, is: Field.shape.value }) }),
    z.strictObject({ optOut: z.boolean() }),
    z.strictObject({ dnc: z.boolean() }),
  ]),
)

export const ListContactsInput = z.strictObject({
  accountId: AccountId,
  filter: FilterInput.optional(),
  /** The beginning of a word of the name or of a field. */
  search: z
    .string()
    .trim()
    .regex(/^[\p{L}\p{N}]{1,64}$/u)
    .optional(),
  cursor: ContactId.optional(),
  limit: z.int().min(1).max(1_000).optional(),
})
export type ListContactsInput = z.infer<typeof ListContactsInput>
export const ListContactsOutput = z.strictObject({
  contacts: z.array(ContactSummary),
  nextCursor: ContactId.nullable(),
  /** Up to which change the opt-outs shown are known; null before the first. */
  consentAsOf: z.strictObject({ epoch: Epoch, rev: z.int().nonnegative(), at: Time }).nullable(),
})
export const CountInput = z.strictObject({ accountId: AccountId, filter: FilterInput.optional() })
export type CountInput = z.infer<typeof CountInput>
export const CountContactsOutput = z.strictObject({ count: z.int().nonnegative() })

const ListContent = z.strictObject({
  name: z.string().trim().min(1).max(200),
  filter: FilterInput.optional(),
})
export const CreateListInput = z.strictObject({ accountId: AccountId, ...ListContent.shape })
export type CreateListInput = z.infer<typeof CreateListInput>
export const SetListFilterInput = z.strictObject({
  accountId: AccountId,
  listId: ListId,
  filter: FilterInput,
})
export type SetListFilterInput = z.infer<typeof SetListFilterInput>
export const ListOutput = z.strictObject({
  listId: ListId,
  name: z.string(),
  kind: z.enum(['static', 'dynamic']),
  filter: FilterInput.nullable(),
  createdAt: Time,
})
export const PageInput = z.strictObject({
  accountId: AccountId,
  cursor: ListId.optional(),
  limit: z.int().min(1).max(200).optional(),
})
export type PageInput = z.infer<typeof PageInput>
export const ListsOutput = z.strictObject({ lists: z.array(ListOutput), nextCursor: ListId.nullable() })
export const MembersInput = z.strictObject({
  accountId: AccountId,
  listId: ListId,
  add: Selection.optional(),
  remove: Selection.optional(),
})
export type MembersInput = z.infer<typeof MembersInput>
