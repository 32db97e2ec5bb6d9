import type { ComplianceRouter } from '@heed/compliance/router'
import { blockedNumbers, type TextReason } from '@heed/outbound'
import type { AccountId, Origin, PhoneNumber } from '@heed/phone'
import { DomainError, type RpcClient, refusalReason } from '@heed/rpc'

type ComplianceRpc = RpcClient<ComplianceRouter>['rpc']
type Consent = ComplianceRpc['consent']
export type NumberStatus = Awaited<ReturnType<Consent['status']['query']>>[number]
export type ConsentChange = Awaited<ReturnType<Consent['history']['query']>>[number]

/** What one text asks of its account. `unknown-account`, or `unavailable` where compliance does not say. */
export interface Compliance {
  numbers(a: AccountId): Promise<readonly PhoneNumber[]>
  optOutKeywords(a: AccountId): Promise<readonly string[]>
  /** Why this number may not be texted now; empty where it may. */
  blocks(a: AccountId, number: PhoneNumber, origin: Origin): Promise<readonly TextReason[]>
  status(a: AccountId, number: PhoneNumber): Promise<NumberStatus>
  /** Every change of a number, the oldest first. */
  history(a: AccountId, number: PhoneNumber): Promise<readonly ConsentChange[]>
}

const changesPerPage = 500

/** `sender` asks whether a number may be texted, `operator` reads why. */
export function complianceOf(rpc: { sender: ComplianceRpc; operator: ComplianceRpc }): Compliance {
  return {
    numbers: async (accountId) => (await told(rpc.sender.accounts.get.query({ accountId }))).numbers,

    async optOutKeywords(accountId) {
      const { settings } = await told(rpc.sender.accounts.settings.get.query({ accountId }))
      return settings.keywords.optOut
    },

    async blocks(accountId, number, origin) {
      const blocked = await told(blockedNumbers(rpc.sender, { accountId, numbers: [number], origin }))
      if (!blocked) throw new DomainError('unavailable', { detail: 'compliance gave no verdict' })
      return blocked.get(number) ?? []
    },

    async status(accountId, number) {
      const [status] = await told(rpc.operator.consent.status.query({ accountId, numbers: [number] }))
      if (!status) throw new DomainError('unavailable', { detail: 'compliance told no status' })
      return status
    },

    async history(accountId, number) {
      const found: ConsentChange[] = []
      for (;;) {
        const asked = { accountId, number, limit: changesPerPage, after: found.at(-1)?.rev ?? 0 }
        const page = await told(rpc.operator.consent.history.query(asked))
        found.push(...page)
        if (page.length < changesPerPage) return found
      }
    },
  }
}

async function told<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (cause) {
    const reason = refusalReason(cause) === 'unknown-account' ? 'unknown-account' : 'unavailable'
    throw new DomainError(reason, { detail: 'compliance did not tell', cause })
  }
}
