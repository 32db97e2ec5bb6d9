import { NationalList, PhoneNumber } from '@heed/phone'
import { procedure, router } from '@heed/rpc'
import { z } from 'zod'
import type { UseCases } from '../use-cases/use-cases.ts'

const Time = z.iso.datetime()
const Source = z.string().regex(/^[\x21-\x7e]{1,100}$/)
const Change = z.strictObject({
  sharedList: NationalList,
  /** Names the import: the next one, which replaces the list, takes off what it does not name. */
  source: Source,
  numbers: z.array(PhoneNumber).min(1).max(1_000),
})
const Version = z.strictObject({ version: z.int().positive() })
const rule = { roles: ['admin'], accounts: 'none' } as const

export const nationalRouter = ({ national }: Pick<UseCases, 'national'>) =>
  router({
    add: procedure({
      ...rule,
      description:
        'Puts numbers on a list that accounts share; it binds the accounts whose policy names the list, within the bound. Needs a token for all accounts. `npm run national` imports files.',
      input: Change,
      output: Version,
    }).mutation(({ ctx, input }) => national.add(ctx.caller, input)),
    remove: procedure({
      ...rule,
      description: 'Takes numbers off a list that accounts share.',
      input: Change,
      output: Version,
    }).mutation(({ ctx, input }) => national.remove(ctx.caller, input)),
    sweep: procedure({
      ...rule,
      description:
        'Takes off what an import that replaces the list did not name; 1,000 a call, from the cursor on.',
      input: z.strictObject({ sharedList: NationalList, source: Source, cursor: PhoneNumber.optional() }),
      output: z.strictObject({ removed: z.int().nonnegative(), nextCursor: PhoneNumber.nullable() }),
    }).mutation(({ ctx, input }) => national.sweep(ctx.caller, input)),
    finish: procedure({
      ...rule,
      description: 'Says that an import is complete, and which day its file is of.',
      input: z.strictObject({ sharedList: NationalList, source: Source, asOf: Time }),
      output: z.strictObject({}),
    }).mutation(({ ctx, input }) => national.finish(ctx.caller, input)),
    list: procedure({
      roles: ['operator', 'admin'],
      accounts: 'none',
      description:
        'The lists that accounts share, with how fresh each is; stale is what is more than 31 days old.',
      input: z.strictObject({}),
      output: z.strictObject({
        lists: z.array(
          z.strictObject({
            list: NationalList,
            source: z.string(),
            asOf: Time,
            importedAt: Time,
            isStale: z.boolean(),
          }),
        ),
      }),
    }).query(() => national.list()),
  })
