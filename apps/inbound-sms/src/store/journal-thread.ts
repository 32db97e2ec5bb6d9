import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import {
  type JournalOperation,
  journalSchema,
  journalStatements,
  type OperationResult,
  type ThreadAnswer,
} from './journal-statements.ts'

/*
 * The journal's thread: SQLite's calls wait for the disk, and a slow disk must not keep the service from
 * answering. One message is one transaction; its answer comes when it is durable.
 */

interface Open {
  readonly database: DatabaseSync
  readonly prepared: Map<string, StatementSync>
}

const { file } = workerData as { file: string }
let open: Open | undefined

parentPort?.on('message', (operations: readonly JournalOperation[]) => {
  parentPort?.postMessage(answer(operations))
})

function answer(operations: readonly JournalOperation[]): ThreadAnswer {
  try {
    open ??= openDatabase()
    return { ok: true, results: inOneTransaction(open, operations) }
  } catch (error) {
    // Whatever failed, the next batch begins with a fresh look at the file.
    close()
    if (isDamaged(error)) setAside()
    return { ok: false, code: codeOf(error) }
  }
}

function openDatabase(): Open {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const database = new DatabaseSync(file, { timeout: 1_000 })
  try {
    // One process holds a journal; FULL syncs the log before a commit returns (sqlite.org/pragma.html).
    database.exec('PRAGMA locking_mode = EXCLUSIVE')
    database.exec('PRAGMA journal_mode = WAL')
    database.exec('PRAGMA synchronous = FULL')
    database.exec('PRAGMA secure_delete = ON')
    database.exec('PRAGMA journal_size_limit = 16777216')
    database.exec(journalSchema)
    return { database, prepared: new Map() }
  } catch (error) {
    database.close()
    throw error
  }
}

function inOneTransaction(
  { database, prepared }: Open,
  operations: readonly JournalOperation[],
): OperationResult[] {
  database.exec('BEGIN')
  const results = operations.map(({ name, params }) => {
    const statement = prepared.get(name) ?? database.prepare(journalStatements[name])
    prepared.set(name, statement)
    if (journalStatements[name].startsWith('SELECT')) {
      return { rows: statement.all(...params) as Record<string, unknown>[], changes: 0 }
    }
    return { rows: [], changes: Number(statement.run(...params).changes) }
  })
  database.exec('COMMIT')
  return results
}

function close(): void {
  try {
    open?.database.close()
  } catch {
    // It failed already; what counts is that the next batch opens it anew.
  }
  open = undefined
}

/** SQLITE_CORRUPT and SQLITE_NOTADB: the file is kept for an operator, and a new one begun. */
function isDamaged(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0
  return code === 11 || code === 26
}

function setAside(): void {
  const suffix = `damaged-${Date.now()}`
  for (const part of ['', '-wal', '-shm']) {
    try {
      if (existsSync(file + part)) renameSync(file + part, `${file}.${suffix}${part}`)
    } catch {
      // A read-only directory: the journal stays unusable, which is reported with each batch.
    }
  }
}

/** SQLite's words for the failure, such as `database or disk is full`; they name no content. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'errstr' in error ? String(error.errstr) : 'code' in error ? String(error.code) : error.name
}
