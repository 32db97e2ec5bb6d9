import type { AccountId } from '@heed/phone'
import { stringify } from 'csv-stringify/sync'
import { insist } from '../files/insist.ts'

interface Row {
  readonly number: string
  readonly state: string
  readonly reasons: readonly { readonly reason: string; readonly since: string }[]
  readonly text: string
  readonly epoch: string | null
  readonly rev: number | null
  readonly gatedAt: string | null
  readonly writtenAt: string | null
  readonly providerId: string | null
  readonly optedOutAt: string | null
}

/** The part of campaign's client that a report needs. */
export interface Recipients {
  readonly recipients: {
    query(input: { accountId: AccountId; broadcastId: string; cursor?: string; limit: number }): Promise<{
      rows: readonly Row[]
      nextCursor: string | null
    }>
  }
}

const columns = [
  'number',
  'state',
  'reasons',
  'since',
  'epoch',
  'rev',
  'gatedAt',
  'writtenAt',
  'providerId',
  'optedOutAt',
  'text',
] as const
const pageMax = 1_000

/** Every recipient of a broadcast with its verdict, reasons and times, page by page: CSV with a header, or JSON lines. */
export async function* reportLines(
  broadcasts: Recipients,
  options: { accountId: AccountId; broadcastId: string; format: 'csv' | 'jsonl' },
): AsyncGenerator<string> {
  const { accountId, broadcastId, format } = options
  if (format === 'csv') yield columns.join(',')
  let cursor: string | null = null
  do {
    const asked = { accountId, broadcastId, limit: pageMax, ...(cursor === null ? {} : { cursor }) }
    const page: Awaited<ReturnType<Recipients['recipients']['query']>> = await insist(() =>
      broadcasts.recipients.query(asked),
    )
    for (const row of page.rows) yield format === 'csv' ? csvLine(row) : JSON.stringify(row)
    cursor = page.nextCursor
  } while (cursor !== null)
}

function csvLine({ reasons, text, ...row }: Row): string {
  const named = {
    ...row,
    reasons: reasons.map(({ reason }) => reason).join(' '),
    since: reasons.map(({ since }) => since).join(' '),
  }
  const values = columns.flatMap((column) => (column === 'text' ? [] : [String(named[column] ?? '')]))
  // What a spreadsheet would take for a formula is text there, too; a number begins with + by right.
  return `${stringify([values]).trimEnd()},${stringify([[text]], { escape_formulas: true }).trimEnd()}`
}
