import { Policy } from '@heed/clearance'
import { AccountId, PhoneNumber } from '@heed/phone'
import { z } from 'zod'

const wording = z.string().trim().min(1).max(320)
const replies = z.strictObject({ stop: wording, start: wording, help: wording })
/** ISO 639-1 or -2. */
export const LanguageCode = z.string().regex(/^[a-z]{2,3}$/)

/** What an account decides for itself. Every change is a new version; old ones stay. */
export const Settings = z.strictObject({
  /** Appended to texts that do not instruct already; must name a keyword that the account hears. */
  optOutInstruction: z.strictObject({ broadcast: wording, sequence: wording }),
  /** The one confirmation of a STOP, and the answers to START and HELP. */
  replies,
  /** The same for whoever texted in another language; where a language is missing, `replies` are given. */
  repliesByLanguage: z.record(LanguageCode, replies),
  /** Who answers keywords: the carrier by itself, or Heed. */
  keywordReplies: z.enum(['carrier', 'heed']),
  /** Keywords of the account's own, besides the standard ones, which none can take away. */
  keywords: z.strictObject({ optOut: z.array(wording).max(50) }),
  /** Sending numbers with a limit of their own, in segments a second. */
  numberLimits: z
    .array(z.strictObject({ number: PhoneNumber, segmentsPerSecond: z.number().positive().max(10_000) }))
    .max(1_000),
  /** Whether texts wait for the hours of the law where their person is (docs/quiet-hours.md). */
  quietHours: z.enum(['off', 'on']),
  /** At most so many texts to one number within so many hours, over broadcasts, sequences, apps and CRMs. */
  caps: z.array(z.strictObject({ texts: z.int().min(1).max(1_000), hours: z.int().min(1).max(720) })).max(10),
  /** Whether an admin may lift by hand an opt-out that the person texted. */
  manualOptInOverTexted: z.boolean(),
  /** Opt-outs read from free text block at once either way; `review` also queues them for a person to look at. */
  likelyOptOuts: z.enum(['review', 'suppress']),
  /** Whether an opt-out from one of a person's numbers binds all the numbers that contacts know of them. */
  optOutBinds: z.enum(['person', 'number']),
  policy: Policy,
})
export type Settings = z.infer<typeof Settings>

export const VersionedSettings = z.strictObject({ version: z.int().nonnegative(), settings: Settings })

export const SettingsSetInput = z.strictObject({
  accountId: AccountId,
  /** The version that the change is made on; without it the change is made on whatever stands. */
  basisVersion: z.int().nonnegative().optional(),
  settings: Settings.partial(),
})

export const AccountIdInput = z.strictObject({ accountId: AccountId })

export const Account = z.strictObject({
  accountId: AccountId,
  name: z.string(),
  numbers: z.array(PhoneNumber),
  createdAt: z.iso.datetime(),
})
export type Account = z.infer<typeof Account>

export const CreateAccountInput = z.strictObject({
  name: z.string().trim().min(1).max(200),
  accountId: AccountId.optional(),
})

export const ListAccountsInput = z.strictObject({
  cursor: z.string().max(64).optional(),
  limit: z.int().min(1).max(1_000).optional(),
})
export const ListAccountsOutput = z.strictObject({
  accounts: z.array(Account),
  nextCursor: z.string().nullable(),
})

export const AddNumberInput = z.strictObject({ accountId: AccountId, number: PhoneNumber })

export const ResolveInput = z.strictObject({ businessNumber: PhoneNumber })
/** What inbound-sms needs to answer a message to this number. */
export const ResolveOutput = z.strictObject({
  accountId: AccountId,
  replies: Settings.shape.replies,
  repliesByLanguage: Settings.shape.repliesByLanguage,
  keywordReplies: Settings.shape.keywordReplies,
  keywords: Settings.shape.keywords,
})
