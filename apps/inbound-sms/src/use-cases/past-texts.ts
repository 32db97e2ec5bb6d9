import type { AccountId, PhoneNumber } from '@heed/phone'
import { z } from 'zod'
import type { ArrivalStore } from '../store/arrivals.ts'

/** What a person texted, and what became of it. */
export const PastText = z.strictObject({
  /** The carrier's message id. */
  id: z.string(),
  at: z.iso.datetime(),
  to: z.string(),
  text: z.string(),
  mediaCount: z.int().nonnegative(),
  /** What it was read as. */
  intent: z.string(),
  outcome: z.string(),
})
export type PastText = z.infer<typeof PastText>

/** What a number texted, as soon as it is stored: some milliseconds after it was committed. */
export function pastTexts(deps: { arrivals: () => Pick<ArrivalStore, 'ofNumber'> }) {
  return async (asked: {
    accountId: AccountId
    number: PhoneNumber
    before?: { at: string; id: string } | undefined
    limit?: number | undefined
  }): Promise<{ texts: PastText[] }> => {
    const { accountId, number, before, limit = 50 } = asked
    const place = before ? { at: new Date(before.at), id: before.id } : null
    const found = await deps.arrivals().ofNumber(accountId, number, place, limit)
    return {
      texts: found.map(({ carrierMessageId, receivedAt, to, text, mediaCount, intent, outcome }) => ({
        id: carrierMessageId,
        at: receivedAt.toISOString(),
        to,
        text,
        mediaCount: mediaCount ?? 0,
        intent,
        outcome,
      })),
    }
  }
}
export type PastTexts = ReturnType<typeof pastTexts>

/** Who of some people texted the account after a time of their own: for sequences that end where somebody answers. */
export function repliedSince(deps: { arrivals: () => Pick<ArrivalStore, 'repliedSince'> }) {
  return async ({
    accountId,
    asks,
  }: {
    accountId: AccountId
    asks: readonly { number: PhoneNumber; since: string }[]
  }): Promise<{ replied: PhoneNumber[] }> => {
    const asked = asks.map(({ number, since }) => ({ from: number, since: new Date(since) }))
    return { replied: (await deps.arrivals().repliedSince(accountId, asked)) as PhoneNumber[] }
  }
}
export type RepliedSince = ReturnType<typeof repliedSince>
