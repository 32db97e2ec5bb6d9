import type { ComplianceRouter } from '@heed/compliance/router'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { DomainError, type ErrorReason, type RpcClient, refusalReason } from '@heed/rpc'

type ComplianceRpc = RpcClient<ComplianceRouter>['rpc']
type Consent = ComplianceRpc['consent']
export type NumberStatus = Awaited<ReturnType<Consent['status']['query']>>[number]
export type ConsentPage = Awaited<ReturnType<Consent['changes']['query']>>
export type ConsentHistory = Awaited<ReturnType<Consent['history']['query']>>

interface Evidence {
  readonly accountId: AccountId
  readonly list: 'own' | 'dnc'
  readonly cause: string
  readonly source: string
  readonly actor?: string
  readonly note?: string
}

/** What contacts ask the authority. Refusals keep their reasons; whatever else fails is `unavailable`. */
export interface Compliance {
  accounts(after: string | null): Promise<{ ids: AccountId[]; next: string | null }>
  changes(a: AccountId, after: number): Promise<ConsentPage>
  status(a: AccountId, numbers: readonly string[]): Promise<NumberStatus[]>
  /** Every change of a number, the oldest first. */
  history(a: AccountId, number: string): Promise<ConsentHistory>
  /** Whether an opt-out from one of a person's numbers binds them all. */
  bindsPerson(a: AccountId): Promise<boolean>
  optOut(
    evidence: Evidence & { readonly numbers: readonly string[] },
  ): Promise<{ rev: number; effectiveBy: string; outcomes: readonly string[] }>
  optIn(
    evidence: Evidence & { number: string; basis: { epoch: string; rev: number } },
  ): Promise<{ rev: number; outcome: 'lifted' | 'no-block' | 'stale' }>
}

const accountsPerPage = 500
const numbersPerStatus = 1_000
const changesPerPage = 500
const passedOn: readonly ErrorReason[] = ['unknown-account', 'texted-opt-out', 'basis-needed']

export function complianceOf(rpc: ComplianceRpc): Compliance {
  return {
    async accounts(after) {
      const page = await told(
        rpc.accounts.list.query({ limit: accountsPerPage, ...(after === null ? {} : { cursor: after }) }),
      )
      return { ids: page.accounts.map(({ accountId }) => accountId), next: page.nextCursor }
    },

    changes: (accountId, after) => told(rpc.consent.changes.query({ accountId, after, limit: 1_000 })),

    async status(accountId, numbers) {
      const found: NumberStatus[] = []
      for (let from = 0; from < numbers.length; from += numbersPerStatus) {
        const some = numbers.slice(from, from + numbersPerStatus) as PhoneNumber[]
        found.push(...(await told(rpc.consent.status.query({ accountId, numbers: some }))))
      }
      return found
    },

    async history(accountId, number) {
      const found: ConsentHistory = []
      for (;;) {
        const asked = { accountId, number: number as PhoneNumber, limit: changesPerPage }
        const page = await told(rpc.consent.history.query({ ...asked, after: found.at(-1)?.rev ?? 0 }))
        found.push(...page)
        if (page.length < changesPerPage) return found
      }
    },

    async bindsPerson(accountId) {
      const { settings } = await told(rpc.accounts.settings.get.query({ accountId }))
      return settings.optOutBinds === 'person'
    },

    async optOut({ numbers, ...evidence }) {
      const answer = await told(
        rpc.consent.optOut.mutate({ ...evidence, numbers: [...numbers] as PhoneNumber[] }),
      )
      const outcomes = answer.results.map(({ outcome }) => outcome)
      return { rev: answer.rev, effectiveBy: answer.effectiveBy, outcomes }
    },

    async optIn({ number, basis, ...evidence }) {
      const given = { ...evidence, number: number as PhoneNumber, basis } as Parameters<
        Consent['optIn']['mutate']
      >[0]
      const { rev, outcome } = await told(rpc.consent.optIn.mutate(given))
      return { rev, outcome }
    },
  }
}

async function told<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (cause) {
    const reason = passedOn.find((known) => known === refusalReason(cause)) ?? 'unavailable'
    throw new DomainError(reason, { detail: 'compliance did not do as asked', cause })
  }
}
