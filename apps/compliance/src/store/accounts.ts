import {
  type Db,
  ensureIndexes,
  isDuplicateKey,
  majorityRead,
  majorityWrite,
  ordinaryMaxTimeMs,
} from '@heed/mongo'

export interface AccountRecord {
  readonly accountId: string
  readonly name: string
  readonly createdAt: Date
}

interface AccountDocument {
  readonly _id: string
  readonly name: string
  readonly createdAt: Date
}

interface NumberDocument {
  /** The business number itself: so it can have one owner only. */
  readonly _id: string
  readonly a: string
  readonly addedAt: Date
}

export function accountStore(db: Db) {
  const accounts = db.collection<AccountDocument>('accounts')
  const numbers = db.collection<NumberDocument>('businessNumbers')
  const read = { readConcern: majorityRead, maxTimeMS: ordinaryMaxTimeMs }
  const write = { writeConcern: majorityWrite }
  const recordOf = ({ _id, ...rest }: AccountDocument): AccountRecord => ({ accountId: _id, ...rest })
  return {
    prepare: () => ensureIndexes(numbers, [{ key: { a: 1, _id: 1 } }]),

    async create({ accountId, ...rest }: AccountRecord): Promise<'created' | 'exists'> {
      try {
        await accounts.insertOne({ _id: accountId, ...rest }, write)
        return 'created'
      } catch (error) {
        if (isDuplicateKey(error)) return 'exists'
        throw error
      }
    },

    async find(accountId: string): Promise<AccountRecord | null> {
      const found = await accounts.findOne({ _id: accountId }, read)
      return found ? recordOf(found) : null
    },

    async page(options: {
      after: string
      only?: (id: string) => boolean
      limit: number
    }): Promise<AccountRecord[]> {
      const page: AccountRecord[] = []
      const cursor = accounts.find({ _id: { $gt: options.after } }, { ...read, sort: { _id: 1 } })
      for await (const document of cursor) {
        if (options.only && !options.only(document._id)) continue
        page.push(recordOf(document))
        if (page.length >= options.limit) break
      }
      return page
    },

    /** `taken`: another account owns it. Adding a number again changes nothing. */
    async addNumber(accountId: string, number: string, addedAt: Date): Promise<'owned' | 'taken'> {
      try {
        await numbers.insertOne({ _id: number, a: accountId, addedAt }, write)
        return 'owned'
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
        return (await numbers.findOne({ _id: number }, read))?.a === accountId ? 'owned' : 'taken'
      }
    },

    async numbersOf(accountIds: readonly string[]): Promise<Map<string, string[]>> {
      const found = await numbers
        .find({ a: { $in: [...accountIds] } }, { ...read, sort: { a: 1, _id: 1 } })
        .toArray()
      const owned = new Map<string, string[]>(accountIds.map((id) => [id, []]))
      for (const { a, _id } of found) owned.get(a)?.push(_id)
      return owned
    },

    async ownerOf(number: string): Promise<string | null> {
      return (await numbers.findOne({ _id: number }, read))?.a ?? null
    },
  }
}
export type AccountStore = ReturnType<typeof accountStore>
