import { AccountId, PhoneNumber } from '@heed/phone'
import { procedure, router } from '@heed/rpc'
import { z } from 'zod'
import type { TextStore } from './store/text-store.ts'
import { PastTextRow, pastTextRow } from './text-row.ts'

/** Where a page from the newest to the oldest left off. */
export const TimePlace = z.strictObject({
  at: z.iso.datetime(),
  id: z.string().regex(/^[\x21-\x7e]{1,200}$/),
})
export type TimePlace = z.infer<typeof TimePlace>

const ListInput = z.strictObject({
  accountId: AccountId,
  number: PhoneNumber,
  before: TimePlace.optional(),
  limit: z.int().min(1).max(200).optional(),
})

export const placeOf = (before: TimePlace | undefined) =>
  before ? { at: new Date(before.at), id: before.id } : null

/** What every app that texts tells of one person's texts. */
export const textsRouter = (texts: Pick<TextStore, 'ofNumber'>) =>
  router({
    list: procedure({
      description: "This service's texts to one number, the newest first, before a place.",
      roles: ['operator', 'admin'],
      input: ListInput,
      output: z.strictObject({ texts: z.array(PastTextRow) }),
    }).query(async ({ input: { accountId, number, before, limit = 50 } }) => ({
      texts: (await texts.ofNumber(accountId, number, placeOf(before), limit)).map(pastTextRow),
    })),
  })
