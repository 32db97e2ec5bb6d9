import { AccountId, PhoneNumber } from '@heed/phone'
import { procedure, router } from '@heed/rpc'
import { z } from 'zod'
import { RecalledText } from './domain/recalled-text.ts'
import { PastText, type PastTexts, type RepliedSince } from './use-cases/past-texts.ts'
import type { RecallTexts } from './use-cases/recall-texts.ts'

const Time = z.iso.datetime()
const cursor = z.string().max(200).optional()
const Page = z.strictObject({
  texts: z.array(RecalledText),
  /** There is more, also where this page is empty; null at the end. */
  nextCursor: z.string().nullable(),
})
const rule = { roles: ['admin'], output: Page, accounts: 'none' } as const

/** What people texted, for a conversation; and for a restore of compliance's database what asked for an opt-out or an opt-in. */
export const inboundRouter = ({
  recall,
  pastTexts,
  repliedSince,
}: {
  recall: RecallTexts
  pastTexts: PastTexts
  repliedSince: RepliedSince
}) =>
  router({
    texts: router({
      list: procedure({
        roles: ['operator', 'admin'],
        description: 'What one number texted to an account, the newest first, before a place.',
        input: z.strictObject({
          accountId: AccountId,
          number: PhoneNumber,
          before: z.strictObject({ at: Time, id: z.string().regex(/^[\x21-\x7e]{1,200}$/) }).optional(),
          limit: z.int().min(1).max(200).optional(),
        }),
        output: z.strictObject({ texts: z.array(PastText) }),
      }).query(({ input }) => pastTexts(input)),
      repliedSince: procedure({
        roles: ['sender', 'operator', 'admin'],
        description: 'Which of these numbers texted the account after a time, each with a time of its own.',
        input: z.strictObject({
          accountId: AccountId,
          asks: z
            .array(z.strictObject({ number: PhoneNumber, since: Time }))
            .min(1)
            .max(1_000),
        }),
        output: z.strictObject({ replied: z.array(PhoneNumber) }),
      }).query(({ input }) => repliedSince(input)),
      settled: procedure({
        ...rule,
        description:
          'Texts received since a time that were committed to an account, from the collection of what arrived, a page at a time. For `restore-epoch`; needs a token for all accounts.',
        input: z.strictObject({ since: Time, cursor }),
      }).query(({ ctx, input }) => recall.settled(ctx.caller, input)),
      journaled: procedure({
        ...rule,
        description:
          'Texts in the journal of this instance, committed or not: of one that was answered just before a crash nobody else may know.',
        input: z.strictObject({ cursor }),
      }).query(({ ctx, input }) => recall.journaled(ctx.caller, input)),
      atCarrier: procedure({
        ...rule,
        description:
          "Texts to a business number since a time, from the carrier's own list, with the time at which it took each in.",
        input: z.strictObject({ since: Time, businessNumber: PhoneNumber, cursor }),
      }).query(({ ctx, input }) => recall.atCarrier(ctx.caller, input)),
    }),
  })

export type InboundRouter = ReturnType<typeof inboundRouter>
