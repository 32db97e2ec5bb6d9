import { type Db, majorityRead } from '@heed/mongo'
import { ledgerAudit } from '../domain/audit-ledger.ts'
import type { BlockState } from '../domain/entry.ts'
import { type Head, nationalLists } from '../store/heads.ts'
import { ledgerStore } from '../store/ledger.ts'
import { sourceStore } from '../store/sources.ts'

export interface AccountReport {
  readonly accountId: string
  readonly rows: number
  readonly blocked: number
  readonly faults: readonly string[]
}

const pageRows = 1_000

/** Checks every account's ledger in a database, its chain, its evidence, and the blocklist made of it. */
export async function* verifyLedgers(db: Db): AsyncGenerator<AccountReport> {
  const heads = db
    .collection<Head>('heads')
    .find({ _id: { $ne: nationalLists } }, { readConcern: majorityRead, sort: { _id: 1 } })
  for await (const head of heads) yield await verifyAccount(db, head)
}

async function verifyAccount(db: Db, head: Head): Promise<AccountReport> {
  const ledger = ledgerStore(db)
  const sources = sourceStore(db)
  const audit = ledgerAudit(head.a)
  for (let after = 0; ; ) {
    const rows = await ledger.after(head.a, after, pageRows)
    const evidence = await sources.find(
      head.a,
      rows.map(({ src }) => src),
    )
    for (const row of rows) audit.row(row, evidence.get(row.src))
    after = rows.at(-1)?.rev ?? after
    if (rows.length < pageRows) break
  }
  const states = await db
    .collection<BlockState & { _id: string; a: string }>('blocklist')
    .find({ a: head.a }, { readConcern: majorityRead })
    .toArray()
  return { accountId: head.a, ...audit.end(head, states) }
}
