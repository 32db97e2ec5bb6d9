import { join } from 'node:path'
import { EntryBody, type JournalEntry, type Lane } from '../domain/journal-entry.ts'
import type { OperationResult } from './journal-statements.ts'
import { JournalError, type JournalWriter, journalWriter } from './journal-writer.ts'

export interface LaneStats {
  readonly entries: number
  /** ms since 1970; null where the lane is empty. */
  readonly oldestAt: number | null
}

/**
 * What is not finished yet, on this machine's disk: SQLite with a log that is synced before each commit
 * returns, written by a thread of its own, many callers to one sync. What an operation promises holds when
 * its promise resolves; a JournalError means that nothing was written.
 */
export const openJournal = (dataDir: string) => journalOver(journalWriter(join(dataDir, 'journal.sqlite')))

/** The journal on a disk that is an argument. */
export function journalOver(writer: JournalWriter) {
  let isUsable = true
  const run = async (...given: Parameters<typeof writer.run>): Promise<OperationResult> => {
    try {
      const result = await writer.run(...given)
      isUsable = true
      return result
    } catch (error) {
      isUsable = false
      throw error
    }
  }
  return {
    /** Whether the last operation succeeded. */
    isUsable: () => isUsable,

    waiting: writer.waiting,

    /** Durable when it resolves. An entry that is there already stays as it is. */
    async append(entry: { id: string; lane: Lane; at: number; body: EntryBody }): Promise<void> {
      const params = [entry.id, entry.lane, entry.at, JSON.stringify(entry.body)]
      await run({ name: 'append', params })
    },

    async move(id: string, lane: Lane, body: EntryBody): Promise<void> {
      await run({ name: 'move', params: [lane, JSON.stringify(body), id] })
    },

    /** In no hurry: what is not removed when the process dies is done again, which changes nothing. */
    async remove(id: string): Promise<void> {
      await run({ name: 'remove', params: [id] }, true)
    },

    /** The oldest entries of a lane after a place. One that cannot be read is left out, and stays. */
    async page(lane: Lane, after: number, limit: number): Promise<{ entries: JournalEntry[]; last: number }> {
      const { rows } = await run({ name: 'page', params: [lane, after, limit] })
      const entries = rows.flatMap((row) => entryOf(row) ?? [])
      return { entries, last: Number(rows.at(-1)?.seq ?? after) }
    },

    async stats(): Promise<Record<Lane, LaneStats>> {
      const { rows } = await run({ name: 'stats', params: [] })
      const of = (lane: Lane): LaneStats => {
        const row = rows.find((candidate) => candidate.lane === lane)
        return { entries: Number(row?.entries ?? 0), oldestAt: row ? Number(row.oldestAt) : null }
      }
      return { commit: of('commit'), store: of('store'), publish: of('publish') }
    },

    /** True for the first claim of an id ever made here, durably. */
    async claim(id: string, at: number): Promise<boolean> {
      const { changes } = await run({ name: 'claim', params: [id, at] })
      return changes === 1
    },

    async forgetClaims(before: number): Promise<void> {
      await run({ name: 'forgetClaims', params: [before] })
    },

    async setOwner(number: string, body: string): Promise<void> {
      await run({ name: 'setOwner', params: [number, body] })
    },

    async owners(): Promise<{ number: string; body: string }[]> {
      const { rows } = await run({ name: 'owners', params: [] })
      return rows.map((row) => ({ number: String(row.number), body: String(row.body) }))
    },

    [Symbol.asyncDispose]: () => writer[Symbol.asyncDispose](),
  }
}
export type Journal = ReturnType<typeof journalOver>
export { JournalError }

function entryOf(row: Record<string, unknown>): JournalEntry | null {
  try {
    return {
      seq: Number(row.seq),
      id: String(row.id),
      lane: row.lane as Lane,
      at: Number(row.at),
      body: EntryBody.parse(JSON.parse(String(row.body))),
    }
  } catch {
    return null
  }
}
