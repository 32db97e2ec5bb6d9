import type { ComplianceRouter } from '@heed/compliance/router'
import type { PhoneNumber } from '@heed/phone'
import { createRpcClient, ownTokens, type PrivateKey, refusalReason } from '@heed/rpc'
import type { Owner } from '../store/owners.ts'

/** Compliance understood the call and will never accept it as it is; repeating it is useless. */
export class RefusedByComplianceError extends Error {
  override name = 'RefusedByComplianceError'
}

const definite = new Set(['invalid-input', 'bad-request'])
const notOwned = 'unknown-business-number'
const gone = 'unknown-account'

/** What is called, and how a refusal is told from ignorance; the transport is an argument. */
export interface ComplianceCalls {
  readonly optOut: Call<Rpc['consent']['optOut']['mutate']>
  readonly optIn: Call<Rpc['consent']['optIn']['mutate']>
  readonly status: Call<Rpc['consent']['status']['query']>
  readonly resolve: Call<Rpc['accounts']['resolve']['query']>
  readonly list: Call<Rpc['accounts']['list']['query']>
  /** The typed reason of a refusal; undefined where no answer came. */
  readonly reasonOf: (error: unknown) => string | undefined
}

export function complianceClient(options: {
  url: string
  key: PrivateKey
  timeoutMs: number
  onRefused: (call: { procedure: string; status: number }) => void
}) {
  const client = createRpcClient<ComplianceRouter>({
    url: options.url,
    token: ownTokens(options.key, 'inbound'),
    timeoutMs: options.timeoutMs,
    connections: 64,
    onRefused: options.onRefused,
  })
  const { consent, accounts } = client.rpc
  return {
    ...complianceOver({
      optOut: consent.optOut.mutate,
      optIn: consent.optIn.mutate,
      status: consent.status.query,
      resolve: accounts.resolve.query,
      list: accounts.list.query,
      reasonOf: refusalReason,
    }),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}

/**
 * Compliance as this service sees it. Null means that nobody owns the business number; any other failure is
 * an error and means that nobody knows whether it was done, so the same call is to be repeated.
 */
export function complianceOver(calls: ComplianceCalls) {
  const settled = <T>(call: Promise<T>) => orRefused(call, calls.reasonOf)
  const orNull = async <T>(call: Promise<T>): Promise<T | null> => {
    try {
      return await settled(call)
    } catch (error) {
      if (calls.reasonOf(error) === notOwned) return null
      throw error
    }
  }
  return {
    optOut: (input: Parameters<typeof calls.optOut>[0]) => orNull(calls.optOut(input)),

    optIn: (input: Parameters<typeof calls.optIn>[0]) => orNull(calls.optIn(input)),

    async resolve(businessNumber: PhoneNumber): Promise<ResolvedNumber | null> {
      return orNull(calls.resolve({ businessNumber }))
    },

    /** The opt-outs that hold a number, on the lists that a START lifts. */
    async holding(accountId: Owner['account'], number: PhoneNumber) {
      const [status] = await settled(calls.status({ accountId, numbers: [number] }))
      return (status?.blocks ?? [])
        .filter(({ list }) => list === 'own' || list === 'carrier')
        .flatMap(({ holders }) => holders)
    },

    /** The business numbers of every account, a page of accounts at a time. */
    async *businessNumbers(): AsyncGenerator<{ account: Owner['account']; number: PhoneNumber }> {
      let cursor: string | null = null
      do {
        const page: AccountsPage = await settled(
          calls.list({ limit: 500, ...(cursor === null ? {} : { cursor }) }),
        )
        for (const { accountId, numbers } of page.accounts) {
          for (const number of numbers) yield { account: accountId, number }
        }
        cursor = page.nextCursor
      } while (cursor !== null)
    },
  }
}
export type Compliance = ReturnType<typeof complianceOver>
type Rpc = ReturnType<typeof createRpcClient<ComplianceRouter>>['rpc']
type Call<Procedure extends (input: never) => Promise<unknown>> = (
  input: Parameters<Procedure>[0],
) => Promise<Awaited<ReturnType<Procedure>>>
type AccountsPage = Awaited<ReturnType<Rpc['accounts']['list']['query']>>
export type ResolvedNumber = Awaited<ReturnType<Rpc['accounts']['resolve']['query']>>

async function orRefused<T>(call: Promise<T>, reasonOf: (error: unknown) => string | undefined): Promise<T> {
  try {
    return await call
  } catch (error) {
    const reason = reasonOf(error)
    if (reason === undefined || !(definite.has(reason) || reason === gone)) throw error
    throw new RefusedByComplianceError(`compliance refused: ${reason}`, { cause: error })
  }
}
