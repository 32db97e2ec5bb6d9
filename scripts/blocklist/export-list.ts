import type { AccountId, ListName } from '@heed/phone'
import { insist } from '../files/insist.ts'

export interface ListedRow {
  readonly number: string
  readonly list: string
  readonly since: string
  readonly rev: number
}

/** The part of compliance's client that an export needs. */
export interface Blocklist {
  readonly list: {
    query(input: { accountId: AccountId; list?: ListName; cursor?: string; limit: number }): Promise<{
      rows: readonly ListedRow[]
      nextCursor: string | null
    }>
  }
}

const pageMax = 1_000

/** The lines of an account's blocklist, in order of number, read page by page: CSV with a header, or JSON lines. */
export async function* exportLines(
  consent: Blocklist,
  options: { accountId: AccountId; list?: ListName | undefined; format: 'csv' | 'jsonl' },
): AsyncGenerator<string> {
  const { accountId, list, format } = options
  if (format === 'csv') yield 'number,list,since,rev'
  let cursor: string | null = null
  do {
    const asked = {
      accountId,
      limit: pageMax,
      ...(list ? { list } : {}),
      ...(cursor ? { cursor } : {}),
    }
    const page: Awaited<ReturnType<Blocklist['list']['query']>> = await insist(() =>
      consent.list.query(asked),
    )
    for (const row of page.rows)
      yield format === 'csv' ? [row.number, row.list, row.since, row.rev].join(',') : JSON.stringify(row)
    cursor = page.nextCursor
  } while (cursor !== null)
}
