import { type Collection, majorityRead } from '@heed/mongo'
import type { Head } from './heads.ts'

const isBehind = { $or: [{ $lt: ['$folded', '$rev'] }, { $lt: ['$published', '$rev'] }] }

/** What one account has committed and not finished. */
export interface Behind {
  readonly accountId: string
  readonly published: number
  readonly unfolded: number
  readonly unpublished: number
  /** When the oldest change that is not folded was decided. */
  readonly unfoldedSince: Date | null
}

/** Heads with something committed that is not folded or not published. Another pass finds what this one misses. */
export function unfinishedHeads(heads: Collection<Head>) {
  return {
    /** Accounts where a crash or an outage left something to fold or to publish. */
    async unfinished(): Promise<string[]> {
      const found = await heads
        .find({ $expr: isBehind }, { projection: { _id: 1 }, readConcern: majorityRead, maxTimeMS: 5_000 })
        .toArray()
      return found.map(({ _id }) => _id)
    },

    /** What is committed and not folded or not published, account by account. */
    async behind(): Promise<Behind[]> {
      const found = await heads
        .find(
          { $expr: isBehind },
          {
            projection: { rev: 1, folded: 1, published: 1, 'recent.rev': 1, 'recent.at': 1 },
            readConcern: majorityRead,
            maxTimeMS: 5_000,
          },
        )
        .toArray()
      return found.map(({ _id, rev, folded, published, recent }) => ({
        accountId: _id,
        published,
        unfolded: rev - folded,
        unpublished: rev - published,
        unfoldedSince: recent.find((entry) => entry.rev > folded)?.at ?? null,
      }))
    },
  }
}
