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

/**
 * Compliance as this service sees it. Null means that nobody owns the business number; any other failure is
 * an error and means that nobody knows whether it was done, so the same call is to be repeated.
 */
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
  const { rpc } = client
  return {
    optOut: (input: Parameters<typeof rpc.consent.optOut.mutate>[0]) =>
      orNull(rpc.consent.optOut.mutate(input)),

    optIn: (input: Parameters<typeof rpc.consent.optIn.mutate>[0]) => orNull(rpc.consent.optIn.mutate(input)),

    async resolve(businessNumber: PhoneNumber): Promise<ResolvedNumber | null> {
      return orNull(rpc.accounts.resolve.query({ businessNumber }))
    },

    /** The opt-outs that hold a number, on the lists that a START lifts. */
    async holding(accountId: Owner['account'], number: PhoneNumber) {
      const [status] = await settled(rpc.consent.status.query({ accountId, numbers: [number] }))
      return (status?.blocks ?? [])
        .filter(({ list }) => list === 'own' || list === 'carrier')
        .flatMap(({ holders }) => holders)
    },

    /** The business numbers of every account, a page of accounts at a time. */
    async *businessNumbers(): AsyncGenerator<{ account: Owner['account']; number: PhoneNumber }> {
      let cursor: string | null = null
      do {
        const page: AccountsPage = await settled(
          rpc.accounts.list.query({ limit: 500, ...(cursor === null ? {} : { cursor }) }),
        )
        for (const { accountId, numbers } of page.accounts) {
          for (const number of numbers) yield { account: accountId, number }
        }
        cursor = page.nextCursor
      } while (cursor !== null)
    },

    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}
export type Compliance = ReturnType<typeof complianceClient>
type Rpc = ReturnType<typeof createRpcClient<ComplianceRouter>>['rpc']
type AccountsPage = Awaited<ReturnType<Rpc['accounts']['list']['query']>>
export type ResolvedNumber = Awaited<ReturnType<Rpc['accounts']['resolve']['query']>>

async function orNull<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await settled(call)
  } catch (error) {
    if (refusalReason(error) === notOwned) return null
    throw error
  }
}

async function settled<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    const reason = refusalReason(error)
    if (reason === undefined || !(definite.has(reason) || reason === gone)) throw error
    throw new RefusedByComplianceError(`compliance refused: ${reason}`, { cause: error })
  }
}
