import type { ComplianceRouter } from '@heed/compliance/router'
import { blockedNumbers, type TextReason } from '@heed/outbound'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { DomainError, type RpcClient, refusalReason } from '@heed/rpc'
import type { AccountWording } from './domain/compose-step.ts'

type ComplianceRpc = RpcClient<ComplianceRouter>['rpc']

/** What a sequence asks of its account. `unknown-account`, or `unavailable` where compliance does not say. */
export interface Compliance {
  numbers(a: AccountId): Promise<readonly string[]>
  /** As it stands now, never from a cache: a row keeps it for good. */
  wording(a: AccountId): Promise<AccountWording>
  /** Which of these numbers may not be texted by a sequence now, each with all its reasons. */
  blocked(
    a: AccountId,
    numbers: readonly PhoneNumber[],
  ): Promise<ReadonlyMap<PhoneNumber, readonly TextReason[]>>
}

export function complianceOf(rpc: ComplianceRpc): Compliance {
  return {
    numbers: async (accountId) => (await told(rpc.accounts.get.query({ accountId }))).numbers,

    async wording(accountId) {
      const { settings } = await told(rpc.accounts.settings.get.query({ accountId }))
      return {
        optOutInstruction: settings.optOutInstruction.sequence,
        optOutKeywords: settings.keywords.optOut,
      }
    },

    async blocked(accountId, numbers) {
      const blocked = await told(blockedNumbers(rpc, { accountId, numbers, origin: 'sequence' }))
      if (!blocked) throw new DomainError('unavailable', { detail: 'compliance gave no verdicts' })
      return blocked
    },
  }
}

async function told<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (cause) {
    const reason = refusalReason(cause) === 'unknown-account' ? 'unknown-account' : 'unavailable'
    throw new DomainError(reason, { detail: 'compliance did not tell of the account', cause })
  }
}
