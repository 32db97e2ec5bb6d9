import {
  AuditInput,
  AuditOutput,
  CheckInput,
  CheckOutput,
  isPlainInput,
  isPlainOutput,
} from '@heed/clearance'
import { procedure, router } from '@heed/rpc'
import type { UseCases } from '../use-cases/use-cases.ts'

export const clearanceRouter = ({ audit, check }: Pick<UseCases, 'audit' | 'check'>) =>
  router({
    check: procedure({
      description:
        'May these numbers be texted? Each verdict may be used for leaseMs less a margin, counted from before the call; an ask that fails has an error of its own.',
      roles: ['sender', 'operator', 'admin'],
      input: CheckInput,
      output: CheckOutput,
      plain: { input: isPlainInput, output: isPlainOutput },
      accounts: ({ asks }) => asks.map(({ accountId }) => accountId),
    }).query(({ input }) => check(input)),

    audit: procedure({
      description:
        'Were these texts rightly let through? Rebuilds the state of each number from the ledger, as it was at the rev of its clearance, and compares.',
      roles: ['sender', 'admin'],
      input: AuditInput,
      output: AuditOutput,
      accounts: ({ clearances }) => clearances.map(({ accountId }) => accountId),
    }).query(({ input }) => audit(input)),
  })
