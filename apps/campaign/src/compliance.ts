import type { ComplianceRouter } from '@heed/compliance/router'
import { blockedNumbers, type TextReason } from '@heed/outbound'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { DomainError, type RpcClient, refusalReason } from '@heed/rpc'

type ComplianceRpc = RpcClient<ComplianceRouter>['rpc']

/** What a broadcast needs to know of its account. */
export interface ComplianceAccounts {
  /** The account's numbers and settings; `unknown-account`, or `unavailable` where compliance does not say. */
  get(accountId: AccountId): Promise<{
    numbers: readonly string[]
    optOutInstruction: string
    optOutKeywords: readonly string[]
    quietHours: 'off' | 'on'
    hasCaps: boolean
  }>
  /** Which of these numbers may not be texted by a broadcast now, each with all its reasons. */
  blocked(
    accountId: AccountId,
    numbers: readonly PhoneNumber[],
  ): Promise<ReadonlyMap<string, readonly TextReason[]>>
}

export function complianceAccounts(rpc: ComplianceRpc): ComplianceAccounts {
  return {
    async get(accountId) {
      try {
        const [account, { settings }] = await Promise.all([
          rpc.accounts.get.query({ accountId }),
          rpc.accounts.settings.get.query({ accountId }),
        ])
        return {
          numbers: account.numbers,
          optOutInstruction: settings.optOutInstruction.broadcast,
          optOutKeywords: settings.keywords.optOut,
          quietHours: settings.quietHours,
          hasCaps: settings.caps.length > 0 || settings.quietHours === 'on',
        }
      } catch (cause) {
        const reason = refusalReason(cause) === 'unknown-account' ? 'unknown-account' : 'unavailable'
        throw new DomainError(reason, { detail: 'compliance did not tell of the account', cause })
      }
    },

    async blocked(accountId, numbers) {
      const asked = { accountId, numbers, origin: 'broadcast' as const }
      const blocked = await blockedNumbers(rpc, asked).catch(() => null)
      if (!blocked) throw new DomainError('unavailable', { detail: 'compliance gave no verdicts' })
      return blocked
    },
  }
}
