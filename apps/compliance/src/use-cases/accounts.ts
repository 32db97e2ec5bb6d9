import { defaultPolicy } from '@heed/clearance'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { type Caller, DomainError } from '@heed/rpc'
import type { Clock } from '@heed/service'
import type { Account } from '../schemas/accounts.ts'
import type { AccountRecord, AccountStore } from '../store/accounts.ts'
import type { HeadStore } from '../store/heads.ts'
import type { SettingsUseCases } from './settings.ts'

const pageMax = 100

/** Random bytes in hex digits that nobody can guess. */
export type RandomHex = (bytes: number) => string

/** A new epoch: 16 random hex digits, one life of an account's revs. */
export const newEpoch = (randomHex: RandomHex) => randomHex(8)
const newAccountId = (randomHex: RandomHex) => `acct_${randomHex(9)}`

export function accountUseCases(deps: {
  accounts: AccountStore
  known: KnownAccounts
  heads: Pick<HeadStore, 'create'>
  settings: Pick<SettingsUseCases, 'read'>
  clock: Clock
  randomHex: RandomHex
}) {
  const withNumbers = async (records: readonly AccountRecord[]): Promise<Account[]> => {
    const numbers = await deps.accounts.numbersOf(records.map(({ accountId }) => accountId))
    return records.map(({ accountId, name, createdAt }) => ({
      accountId: accountId as AccountId,
      name,
      numbers: (numbers.get(accountId) ?? []) as PhoneNumber[],
      createdAt: createdAt.toISOString(),
    }))
  }
  const get = async (accountId: string): Promise<Account> => {
    const record = await deps.accounts.find(accountId)
    const [account] = record ? await withNumbers([record]) : []
    if (!account) throw new DomainError('unknown-account')
    return account
  }
  return {
    get,

    async create(caller: Caller, input: { name: string; accountId?: AccountId | undefined }) {
      const accountId = input.accountId ?? (newAccountId(deps.randomHex) as AccountId)
      if (!caller.mayActFor(accountId)) throw new DomainError('forbidden')
      // The head first: an account that can be found can be checked and opted out of.
      await deps.heads.create({ a: accountId, epoch: newEpoch(deps.randomHex), policy: defaultPolicy })
      const createdAt = new Date(deps.clock.now())
      const made = await deps.accounts.create({ accountId, name: input.name, createdAt })
      if (made === 'exists') throw new DomainError('account-exists')
      return { accountId }
    },

    async list(caller: Caller, input: { cursor?: string | undefined; limit?: number | undefined }) {
      const limit = input.limit ?? pageMax
      const only = caller.actsForAll ? {} : { only: (id: string) => caller.mayActFor(id) }
      const records = await deps.accounts.page({ after: input.cursor ?? '', limit, ...only })
      const nextCursor = records.length === limit ? (records.at(-1)?.accountId ?? null) : null
      return { accounts: await withNumbers(records), nextCursor }
    },

    async addNumber(input: { accountId: AccountId; number: PhoneNumber }): Promise<Account> {
      await get(input.accountId)
      const added = await deps.accounts.addNumber(input.accountId, input.number, new Date(deps.clock.now()))
      if (added === 'taken') throw new DomainError('number-taken')
      return get(input.accountId)
    },

    async resolve(caller: Caller, businessNumber: PhoneNumber) {
      const accountId = await deps.known.ownerOf(caller, businessNumber)
      const { settings } = await deps.settings.read(accountId)
      const { replies, repliesByLanguage, keywordReplies, keywords } = settings
      return { accountId, replies, repliesByLanguage, keywordReplies, keywords }
    },
  }
}
export type AccountUseCases = ReturnType<typeof accountUseCases>

export interface KnownAccounts {
  /** Returns the id, or throws `unknown-account`: nothing is stored for an account that does not exist. */
  require(accountId: AccountId): Promise<AccountId>
  /** The account that owns a business number, if the caller may act for it. */
  ownerOf(caller: Caller, businessNumber: string): Promise<AccountId>
}

const rememberedMax = 100_000

/** Accounts are never removed, and a business number keeps its owner: what was found once is known. */
export function knownAccounts(accounts: Pick<AccountStore, 'find' | 'ownerOf'>): KnownAccounts {
  const ids = remembering(async (id) => ((await accounts.find(id)) ? id : null))
  const owners = remembering(accounts.ownerOf)
  return {
    async require(accountId) {
      if ((await ids(accountId)) === null) throw new DomainError('unknown-account')
      return accountId
    },
    async ownerOf(caller, businessNumber) {
      const owner = await owners(businessNumber)
      if (owner === null) throw new DomainError(caller.actsForAll ? 'unknown-business-number' : 'forbidden')
      if (!caller.mayActFor(owner)) throw new DomainError('forbidden')
      return owner as AccountId
    },
  }
}

/** Remembers what was found; what was not may come. */
function remembering(find: (key: string) => Promise<string | null>): typeof find {
  const remembered = new Map<string, string>()
  return async (key) => {
    const known = remembered.get(key)
    if (known !== undefined) return known
    const found = await find(key)
    if (found === null) return null
    if (remembered.size >= rememberedMax) remembered.clear()
    remembered.set(key, found)
    return found
  }
}
