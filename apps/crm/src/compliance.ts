import type { ComplianceRouter } from '@heed/compliance/router'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { DomainError, type RpcClient, refusalReason } from '@heed/rpc'

type Rpc = RpcClient<ComplianceRouter>['rpc']
export type ConsentPage = Awaited<ReturnType<Rpc['consent']['changes']['query']>>

/** What a link with a CRM asks of its account. `unknown-account`, or `unavailable` where compliance does not say. */
export interface Compliance {
  numbers(a: AccountId): Promise<readonly PhoneNumber[]>
  changes(a: AccountId, after: number): Promise<ConsentPage>
  /** Committed when it resolves; repeating a source changes nothing. */
  optOut(asked: {
    a: AccountId
    numbers: readonly PhoneNumber[]
    source: string
    sentAt?: string
  }): Promise<void>
}

export function complianceOf(rpc: Rpc): Compliance {
  return {
    numbers: async (accountId) => (await told(rpc.accounts.get.query({ accountId }))).numbers,
    changes: (accountId, after) => told(rpc.consent.changes.query({ accountId, after, limit: 500 })),
    async optOut({ a, numbers, source, sentAt }) {
      const when = sentAt === undefined ? {} : { sentAt }
      await told(
        rpc.consent.optOut.mutate({ accountId: a, numbers: [...numbers], cause: 'crm', source, ...when }),
      )
    },
  }
}

async function told<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (cause) {
    const reason = refusalReason(cause) === 'unknown-account' ? 'unknown-account' : 'unavailable'
    throw new DomainError(reason, { detail: 'compliance did not do as asked', cause })
  }
}
