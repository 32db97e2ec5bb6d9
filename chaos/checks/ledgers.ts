import { type AccountFacts, type Change, type Facts, keyOf, type Said } from '../facts/facts.ts'

export interface Ledgers {
  /** Every change of a number, in order of rev. */
  of(accountId: string, number: string): readonly Change[]
  account(accountId: string): AccountFacts | undefined
  /** What a word or an opt-out became, on the list `own`. */
  changeOf(said: Said): Change | undefined
}

export function ledgersOf(facts: Facts): Ledgers {
  const accounts = new Map(facts.accounts.map((account) => [account.accountId, account]))
  const byNumber = new Map<string, Change[]>()
  for (const { accountId, changes } of facts.accounts) {
    for (const change of changes) {
      const key = keyOf(accountId, change.number)
      const standing = byNumber.get(key)
      if (standing) standing.push(change)
      else byNumber.set(key, [change])
    }
  }
  const of = (accountId: string, number: string) => byNumber.get(keyOf(accountId, number)) ?? []
  return {
    of,
    account: (accountId) => accounts.get(accountId),
    changeOf: ({ accountId, number, source }) =>
      of(accountId, number).find((change) => change.source === source && change.list === 'own'),
  }
}

/** Which lists block after these changes: list to the rev that blocks. */
export function foldOf(changes: readonly Change[]): Map<string, number> {
  const blocked = new Map<string, number>()
  for (const { list, op, rev } of changes) {
    if (op === 'block') blocked.set(list, rev)
    if (op === 'lift') blocked.delete(list)
  }
  return blocked
}
