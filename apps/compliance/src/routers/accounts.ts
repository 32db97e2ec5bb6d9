import { procedure, router } from '@heed/rpc'
import { z } from 'zod'
import {
  Account,
  AccountIdInput,
  AddNumberInput,
  CreateAccountInput,
  ListAccountsInput,
  ListAccountsOutput,
  ResolveInput,
  ResolveOutput,
  SettingsSetInput,
  VersionedSettings,
} from '../schemas/accounts.ts'
import type { UseCases } from '../use-cases/use-cases.ts'

const everyRole = ['sender', 'inbound', 'operator', 'admin'] as const

export const accountsRouter = ({ accounts, settings }: Pick<UseCases, 'accounts' | 'settings'>) =>
  router({
    create: procedure({
      description:
        'Creates an account; its id is made up where none is given. A token of some accounts creates only those.',
      roles: ['admin'],
      input: CreateAccountInput,
      output: AccountIdInput,
      accounts: 'none',
    }).mutation(({ ctx, input }) => accounts.create(ctx.caller, input)),
    get: procedure({
      description: 'One account, with the business numbers that it owns.',
      roles: everyRole,
      input: AccountIdInput,
      output: Account,
    }).query(({ input }) => accounts.get(input.accountId)),
    list: procedure({
      description: 'The accounts that the token may act for, in order of id, a page at a time.',
      roles: everyRole,
      input: ListAccountsInput,
      output: ListAccountsOutput,
      accounts: 'none',
    }).query(({ ctx, input }) => accounts.list(ctx.caller, input)),
    addNumber: procedure({
      description:
        'Gives a business number to an account. A number has one owner; adding it again changes nothing.',
      roles: ['admin'],
      input: AddNumberInput,
      output: Account,
    }).mutation(({ input }) => accounts.addNumber(input)),
    resolve: procedure({
      description: 'Whose business number this is, and how that account answers keywords.',
      roles: ['inbound'],
      input: ResolveInput,
      output: ResolveOutput,
      accounts: 'none',
    }).query(({ ctx, input }) => accounts.resolve(ctx.caller, input.businessNumber)),
    settings: router({
      get: procedure({
        description: 'The settings that stand, with their version (0: never set).',
        roles: everyRole,
        input: AccountIdInput,
        output: VersionedSettings,
      }).query(({ input }) => settings.get(input.accountId)),
      set: procedure({
        description:
          'Changes the settings named and leaves the others; every change is a new version. A policy binds within the bound.',
        roles: ['admin'],
        input: SettingsSetInput,
        output: z.strictObject({ version: z.int().positive() }),
      }).mutation(({ ctx, input }) => settings.set(ctx.caller, input)),
    }),
  })
