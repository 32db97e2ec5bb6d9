import { type Caller, procedure } from '@heed/rpc'
import { z } from 'zod'
import * as schemas from '../schemas.ts'
import type { UseCases } from '../use-cases/use-cases.ts'

const roles = ['operator', 'admin'] as const
const by = (caller: Caller, actor: string | undefined) => actor ?? caller.keyId

/** What an operator says of a person by hand: DNC and opt-out. */
export const standingProcedures = ({ setDnc, smsOptOut }: Pick<UseCases, 'setDnc' | 'smsOptOut'>) => ({
  setDnc: procedure({
    description:
      "Sets or lifts the account's own DNC of a person, with a note, for all their numbers. What another contact's DNC holds stays.",
    roles: ['admin'],
    input: schemas.SetDncInput,
    output: z.strictObject({}),
  }).mutation(async ({ ctx, input }) => {
    await setDnc({ ...input, actor: by(ctx.caller, input.actor) })
    return {}
  }),
  setSmsOptOut: procedure({
    description:
      'The tick box "SMS opt-out" of a number, committed when it answers. Only an admin lifts one, with a note and the block seen.',
    roles,
    input: schemas.SetSmsOptOutInput,
    output: schemas.SetSmsOptOutOutput,
  }).mutation(({ ctx, input }) =>
    smsOptOut.set({
      ...input,
      actor: by(ctx.caller, input.actor),
      isAdmin: ctx.caller.role === 'admin',
    }),
  ),
  optOutSelection: procedure({
    description:
      'Opts out every number of up to 200 contacts. A call that failed may be repeated with its `requestId`.',
    roles,
    input: schemas.OptOutSelectionInput,
    output: schemas.OptOutSelectionOutput,
  }).mutation(({ ctx, input }) => smsOptOut.setAll({ ...input, actor: by(ctx.caller, input.actor) })),
})
