import { AccountId, Epoch, ListName, NationalList, Origin, PhoneNumber } from '@heed/phone'
import { z } from 'zod'
import { checkAccountsMax, checkNumbersMax } from './protocol.ts'

/**
 * Which reasons bind which origins, kept in the account's head and handed out with every answer. In version 1 every list
 * binds every origin, and no list is looked at that accounts share. In version 2 those that are named here are, each for
 * its origins. A version that this code does not know is refused, and a refused answer holds; so senders are upgraded
 * before an account is given a later version.
 */
export const Policy = z.discriminatedUnion('v', [
  z.strictObject({ v: z.literal(1) }),
  z.strictObject({
    v: z.literal(2),
    national: z
      .array(z.strictObject({ list: NationalList, origins: z.array(Origin).min(1).max(10) }))
      .max(10),
  }),
])
export type Policy = z.infer<typeof Policy>

/** The policy of an account that was given no other. */
export const defaultPolicy: Policy = { v: 1 }

/** One block that stands: on which list, since when, and the rev that made or last renewed it. */
export const Reason = z.strictObject({ list: ListName, since: z.iso.datetime(), rev: z.int().nonnegative() })
export type Reason = z.infer<typeof Reason>

/** Every reason that stands, and whether none of them binds the origin asked for (without one: any origin). */
export const Verdict = z.strictObject({ allowed: z.boolean(), reasons: z.array(Reason) })
export type Verdict = z.infer<typeof Verdict>

const Ask = z.strictObject({
  accountId: AccountId,
  numbers: z.array(PhoneNumber).min(1).max(checkNumbersMax),
  origin: Origin.optional(),
})

/** The input of `clearance.check`: at most 200 asks, and 10,000 numbers in all of them together. */
export const CheckInput = z.strictObject({
  asks: z
    .array(Ask)
    .min(1)
    .max(checkAccountsMax)
    .refine((asks) => asks.reduce((sum, ask) => sum + ask.numbers.length, 0) <= checkNumbersMax, {
      message: `at most ${checkNumbersMax} numbers in one call`,
    }),
})
export type CheckInput = z.infer<typeof CheckInput>
export type CheckAsk = CheckInput['asks'][number]

/** Why one account of a call got no verdicts. `unavailable` is worth another call, the others are not. */
export const CheckRefusal = z.enum(['unknown-account', 'forbidden', 'unavailable'])
export type CheckRefusal = z.infer<typeof CheckRefusal>

/** The verdicts of one account, one for each number in the order asked, all as of one rev. */
export const AccountVerdicts = z.strictObject({
  epoch: Epoch,
  rev: z.int().nonnegative(),
  leaseMs: z.int().positive(),
  policy: Policy,
  verdicts: z.array(Verdict).max(checkNumbersMax),
})
export type AccountVerdicts = z.infer<typeof AccountVerdicts>

/** What one ask is answered with: verdicts, or an error of its own, which fails no other ask. */
export const CheckAnswer = z.union([
  AccountVerdicts,
  z.strictObject({ error: z.strictObject({ reason: CheckRefusal }) }),
])
export type CheckAnswer = z.infer<typeof CheckAnswer>

/** The output of `clearance.check`: one answer for each ask, in the order asked. */
export const CheckOutput = z.array(CheckAnswer).max(checkAccountsMax)
export type CheckOutput = z.infer<typeof CheckOutput>
