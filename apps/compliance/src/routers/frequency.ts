import { AccountId, PhoneNumber } from '@heed/phone'
import { procedure, router } from '@heed/rpc'
import { z } from 'zod'
import { hoursMax } from '../domain/caps.ts'
import type { UseCases } from '../use-cases/use-cases.ts'

const cap = { texts: z.int().min(1).max(1_000), hours: z.int().min(1).max(hoursMax) }

const TakeInput = z.strictObject({
  accountId: AccountId,
  texts: z
    .array(
      z.strictObject({
        /** The same for every try of one text. */
        id: z.string().regex(/^[\x21-\x7e]{1,100}$/),
        number: PhoneNumber,
        caps: z.array(z.strictObject(cap)).min(1).max(20),
      }),
    )
    .min(1)
    .max(2_000),
})
/** One for each text, in order. Null: it goes, and is counted; else when the cap that holds it lets it go. */
const TakeOutput = z.strictObject({
  results: z.array(z.strictObject({ holdUntil: z.iso.datetime(), ...cap }).nullable()),
})

export const frequencyRouter = ({ takeFrequency }: Pick<UseCases, 'takeFrequency'>) =>
  router({
    take: procedure({
      description:
        'Lets texts go that no cap on texts to their number holds, and counts them over all services: once by their id, so that a call may be repeated.',
      roles: ['sender', 'admin'],
      input: TakeInput,
      output: TakeOutput,
    }).mutation(({ input }) => takeFrequency(input)),
  })
