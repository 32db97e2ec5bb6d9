import { procedure, router } from '@heed/rpc'
import {
  ChangesInput,
  ChangesOutput,
  HistoryInput,
  HistoryOutput,
  ListInput,
  ListOutput,
  OptInInput,
  OptInOutput,
  OptOutInput,
  OptOutOutput,
  StatusInput,
  StatusOutput,
} from '../schemas/consent.ts'
import type { UseCases } from '../use-cases/use-cases.ts'

export const consentRouter = ({ consent }: Pick<UseCases, 'consent'>) =>
  router({
    optOut: procedure({
      description:
        'Puts numbers on a list of the account (`own` by default) in one atomic commit, whoever they belong to. Senders write only `carrier`, only an admin `dnc`. Repeating a source gets its first answer.',
      roles: ['inbound', 'operator', 'admin', 'sender'],
      input: OptOutInput,
      output: OptOutOutput,
      accounts: 'none',
    }).mutation(({ ctx, input }) => consent.optOut(ctx.caller, input)),
    optIn: procedure({
      description:
        'Lifts a block: by the person, if their START was surely sent after it; by an admin, who names the block seen and says why.',
      roles: ['inbound', 'admin'],
      input: OptInInput,
      output: OptInOutput,
      accounts: 'none',
    }).mutation(({ ctx, input }) => consent.optIn(ctx.caller, input)),
    status: procedure({
      description: 'What stands for each number: never, in or out, and every list that blocks it.',
      roles: ['inbound', 'operator', 'admin'],
      input: StatusInput,
      output: StatusOutput,
    }).query(({ input }) => consent.status(input)),
    history: procedure({
      description:
        'Every change of a number with its evidence: the message as received, who, when, to which business number.',
      roles: ['operator', 'admin'],
      input: HistoryInput,
      output: HistoryOutput,
    }).query(({ input }) => consent.history(input)),
    changes: procedure({
      description:
        'The changes after a rev, in order and without holes: what a subscriber asks for to fill a gap.',
      roles: ['operator', 'admin'],
      input: ChangesInput,
      output: ChangesOutput,
    }).query(({ input }) => consent.changes(input)),
    list: procedure({
      description:
        'The blocklist of an account, of one list or of all, in order of number, a page at a time.',
      roles: ['operator', 'admin'],
      input: ListInput,
      output: ListOutput,
    }).query(({ input }) => consent.list(input)),
  })
