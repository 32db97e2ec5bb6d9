import type { Policy } from '@heed/clearance'
import {
  type ClientSession,
  type Db,
  linearizableRead,
  majorityRead,
  safetyMajorityWrite,
  safetyMaxTimeMs,
} from '@heed/mongo'
import type { Entry } from '../domain/entry.ts'
import { unfinishedHeads } from './unfinished-heads.ts'

/** The commit point of one account: one document, changed by one conditional write. */
export interface Head {
  readonly _id: string
  readonly a: string
  readonly epoch: string
  /** The last rev given out. */
  readonly rev: number
  /** Up to here the ledger and the blocklist have it. */
  readonly folded: number
  /** Up to here NATS has acknowledged it. */
  readonly published: number
  readonly policy: Policy
  /** The version of the settings that the policy is of; absent where none gave one. */
  readonly policyVersion?: number
  /** Every list that an account's row may stand on, so that a check looks for no others. */
  readonly lists: readonly string[]
  /** What is not folded yet, in order of rev. */
  readonly recent: readonly Entry[]
  /** The restore that gave it its epoch, so that the same restore does so once. */
  readonly restore?: string
}

/** The head that carries the version of the national lists; its id is no account's. */
export const nationalLists = '$lists'

/**
 * How many revs one commit takes, and how many may wait in `recent` before it: 512 at most after it. An import takes
 * more at a time, because what a commit and its fold cost besides falls on more; it leaves live ones room for 192.
 */
export const commitMax = {
  live: { revs: 64, waiting: 448 },
  import: { revs: 256, waiting: 64 },
} as const

export type Priority = keyof typeof commitMax

const room = (priority: Priority) => ({ [`recent.${commitMax[priority].waiting}`]: { $exists: false } })

export function headStore(db: Db) {
  const heads = db.collection<Head>('heads')
  const write = { writeConcern: safetyMajorityWrite, maxTimeMS: safetyMaxTimeMs }
  return {
    ...unfinishedHeads(heads),

    /** Makes the head of a new account; one that stands is left as it is. */
    async create(head: Pick<Head, 'a' | 'epoch' | 'policy'>): Promise<void> {
      const fresh = { ...head, rev: 0, folded: 0, published: 0, lists: ['own'], recent: [] }
      const { a, ...rest } = fresh
      await heads.updateOne({ _id: a, a }, { $setOnInsert: rest }, { ...write, upsert: true })
    },

    /**
     * At most 200 heads, each as fresh as in a linearizable read of its own. MongoDB documents linearizable for
     * filters that name one document; nothing here relies on these being of one instant.
     */
    async readLinearizable(ids: readonly string[], session: ClientSession): Promise<Map<string, Head>> {
      return byId(await find(ids, { session, readConcern: linearizableRead }))
    },

    /** Only what a majority holds; may be older than the newest commit. */
    async readMajority(id: string, session?: ClientSession): Promise<Head | null> {
      const found = await find([id], { readConcern: majorityRead, ...(session ? { session } : {}) })
      return found[0] ?? null
    },

    /** The one write that makes a group binding. False: another commit came first, or `recent` is too full. */
    async commit(
      basis: Pick<Head, 'a' | 'epoch' | 'rev'>,
      entries: readonly Entry[],
      priority: Priority,
    ): Promise<boolean> {
      const { a, epoch, rev } = basis
      const { matchedCount } = await heads.updateOne(
        { _id: a, a, epoch, rev, ...room(priority) },
        {
          $inc: { rev: entries.length },
          $push: { recent: { $each: [...entries] } },
          $addToSet: { lists: { $each: [...new Set(entries.map(({ list }) => list))] } },
        },
        write,
      )
      return matchedCount === 1
    },

    /** Takes folded entries out of `recent`. False: another instance did it first. */
    async trim(basis: Pick<Head, 'a' | 'epoch' | 'folded'>, foldedTo: number): Promise<boolean> {
      const { a, epoch, folded } = basis
      const { matchedCount } = await heads.updateOne(
        { _id: a, a, epoch, folded },
        { $set: { folded: foldedTo }, $pull: { recent: { rev: { $lte: foldedTo } } } },
        write,
      )
      return matchedCount === 1
    },

    async raisePublished({ a, epoch }: Pick<Head, 'a' | 'epoch'>, published: number): Promise<void> {
      await heads.updateOne({ _id: a, a, epoch }, { $max: { published } }, write)
    },

    /** Of the settings' versions the highest stands, in whatever order they come. */
    async setPolicy(a: string, policy: Policy, policyVersion: number): Promise<void> {
      const isNewer = {
        $or: [{ policyVersion: { $lt: policyVersion } }, { policyVersion: { $exists: false } }],
      }
      await heads.updateOne({ _id: a, a, ...isNewer }, { $set: { policy, policyVersion } }, write)
    },

    /** The version of the national lists, after rows of them were written and before their change is acknowledged. */
    async raiseNational(): Promise<number> {
      const raised = await heads.findOneAndUpdate(
        { _id: nationalLists, a: nationalLists },
        { $inc: { rev: 1, folded: 1, published: 1 } },
        { ...write, returnDocument: 'after' },
      )
      if (!raised) throw new Error('the head of the national lists is missing')
      return raised.rev
    },

    /** Proves that the server serves what safety needs, or throws: there is no quiet fallback. */
    async prove(session: ClientSession): Promise<void> {
      await find([nationalLists], { session, readConcern: linearizableRead })
      await heads.updateOne(
        { _id: nationalLists, a: nationalLists },
        { $setOnInsert: nationalHead },
        { ...write, upsert: true },
      )
    },
  }

  function find(
    ids: readonly string[],
    options: { session?: ClientSession; readConcern: { level: 'linearizable' | 'majority' } },
  ) {
    const filter = { _id: { $in: [...ids] }, a: { $in: [...ids] } }
    return heads
      .find(filter, { ...options, maxTimeMS: safetyMaxTimeMs, batchSize: ids.length + 1, hint: { _id: 1 } })
      .toArray()
  }
}
export type HeadStore = ReturnType<typeof headStore>

const nationalHead = {
  epoch: '0'.repeat(16),
  rev: 0,
  folded: 0,
  published: 0,
  policy: { v: 1 as const },
  lists: [],
  recent: [],
}
const byId = (heads: readonly Head[]) => new Map(heads.map((head) => [head._id, head]))
