import type { DatabaseSync } from 'node:sqlite'
import { Doc } from '../bson/doc.ts'
import { encode } from '../bson/encode.ts'
import { fail } from '../errors.ts'
import type { GroupCommit } from './group-commit.ts'

export type Retries = ReturnType<typeof openRetries>

/** A session that has not written for so long is forgotten. */
const keptMs = 30 * 60_000

/**
 * First answers to writes that a driver may send again, kept in the transaction of the write itself: after
 * a crash either both are there or neither.
 */
export function openRetries(db: DatabaseSync, commit: GroupCommit, nowMs: () => number) {
  const latest = new Map<string, number>()
  const insert = db.prepare(
    'INSERT OR REPLACE INTO retries(lsid, stmt, txn, at, reply) VALUES(?, ?, ?, ?, ?)',
  )
  const select = db.prepare('SELECT txn, reply FROM retries WHERE lsid = ? AND stmt = ?')
  const highest = db.prepare('SELECT max(txn) AS txn FROM retries WHERE lsid = ?')
  const forget = db.prepare('DELETE FROM retries WHERE lsid = ?')
  const expire = db.prepare('DELETE FROM retries WHERE at < ?')

  commit.onUndone(() => latest.clear())

  function lastOf(lsid: Buffer): number {
    const id = lsid.toString('latin1')
    let txn = latest.get(id)
    if (txn === undefined) {
      txn = (highest.get(lsid)?.txn as number | null) ?? -1
      latest.set(id, txn)
    }
    return txn
  }

  return {
    /** The first answer to this write, or null if it is new. Throws TransactionTooOld for a number gone by. */
    find(lsid: Buffer, txn: number, stmt: number): Doc | null {
      const last = lastOf(lsid)
      if (txn < last)
        fail(
          'TransactionTooOld',
          `Retryable write with txnNumber ${txn} is prohibited on session because a newer retryable write with txnNumber ${last} has already started on this session.`,
        )
      if (txn > last) return null
      const row = select.get(lsid, stmt)
      return row && row.txn === txn ? Doc.over(Buffer.from(row.reply as Uint8Array)) : null
    },

    remember(lsid: Buffer, txn: number, stmt: number, reply: Doc): void {
      commit.begin()
      insert.run(lsid, stmt, txn, nowMs(), encode(reply))
      latest.set(lsid.toString('latin1'), txn)
    },

    end(lsid: Buffer): void {
      if (lastOf(lsid) >= 0) {
        commit.begin()
        forget.run(lsid)
      }
      latest.delete(lsid.toString('latin1'))
    },

    /** Forgets sessions that have been silent for half an hour. */
    sweep(): void {
      const before = nowMs() - keptMs
      const old = db.prepare('SELECT 1 FROM retries WHERE at < ? LIMIT 1').get(before)
      if (!old) return
      commit.begin()
      expire.run(before)
      latest.clear()
    },
  }
}
