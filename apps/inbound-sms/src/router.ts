import { PhoneNumber } from '@heed/phone'
import { procedure, router } from '@heed/rpc'
import { z } from 'zod'
import { RecalledText } from './domain/recalled-text.ts'
import type { RecallTexts } from './use-cases/recall-texts.ts'

const Time = z.iso.datetime()
const cursor = z.string().max(200).optional()
const Page = z.strictObject({
  texts: z.array(RecalledText),
  /** There is more, also where this page is empty; null at the end. */
  nextCursor: z.string().nullable(),
})
const rule = { roles: ['admin'], output: Page, accounts: 'none' } as const

/** What a restore of compliance's database asks: the texts that asked for an opt-out or an opt-in. */
export const inboundRouter = (recall: RecallTexts) =>
  router({
    texts: router({
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
