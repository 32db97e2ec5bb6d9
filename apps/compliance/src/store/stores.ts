import type { ClientSession, Db, MongoClient } from '@heed/mongo'
import { type BlocklistStore, blocklistStore } from './blocklist.ts'
import { type HeadStore, headStore } from './heads.ts'
import { type LedgerStore, ledgerStore } from './ledger.ts'
import { type ReviewStore, reviewStore } from './reviews.ts'
import { type SourceStore, sourceStore } from './sources.ts'

/** What the authority keeps, through the safety path's own client. */
export interface ConsentStores {
  readonly heads: HeadStore
  readonly sources: SourceStore
  readonly ledger: LedgerStore
  readonly blocklist: BlocklistStore
  readonly reviews: ReviewStore
  /** A fresh causally consistent session: what it reads later is no older than what it read before. */
  session<T>(use: (session: ClientSession) => Promise<T>): Promise<T>
  /** Another session that has seen what this one has, to read beside it. */
  beside<T>(session: ClientSession, use: (other: ClientSession) => Promise<T>): Promise<T>
}

export function consentStores(client: MongoClient, db: Db): ConsentStores {
  const session = async <T>(use: (session: ClientSession) => Promise<T>): Promise<T> => {
    await using opened = client.startSession({ causalConsistency: true })
    return await use(opened)
  }
  return {
    heads: headStore(db),
    sources: sourceStore(db),
    ledger: ledgerStore(db),
    blocklist: blocklistStore(db),
    reviews: reviewStore(db),
    session,
    beside: (seen, use) =>
      session((other) => {
        if (seen.operationTime) other.advanceOperationTime(seen.operationTime)
        if (seen.clusterTime) other.advanceClusterTime(seen.clusterTime)
        return use(other)
      }),
  }
}

/** Makes the indexes, then proves that the server serves linearizable reads and majority writes, or throws. */
export async function prepareConsentStores(stores: ConsentStores): Promise<void> {
  await stores.ledger.prepare()
  await stores.blocklist.prepare()
  await stores.reviews.prepare()
  await stores.session((session) => stores.heads.prove(session))
}
