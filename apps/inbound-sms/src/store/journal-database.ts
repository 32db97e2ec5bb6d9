import { DatabaseSync, type StatementSync } from 'node:sqlite'
import {
  type JournalOperation,
  journalSchema,
  journalStatements,
  type OperationResult,
} from './journal-statements.ts'

export interface JournalDatabase {
  /** All of them or none, durable when it returns. */
  inOneTransaction(operations: readonly JournalOperation[]): OperationResult[]
  close(): void
}

/** Opens the journal's file, or makes it. Every call waits for the disk. */
export function openJournalDatabase(file: string): JournalDatabase {
  const database = new DatabaseSync(file, { timeout: 1_000 })
  try {
    // One process holds a journal; FULL syncs the log before a commit returns (sqlite.org/pragma.html).
    database.exec('PRAGMA locking_mode = EXCLUSIVE')
    database.exec('PRAGMA journal_mode = WAL')
    database.exec('PRAGMA synchronous = FULL')
    database.exec('PRAGMA secure_delete = ON')
    database.exec('PRAGMA journal_size_limit = 16777216')
    database.exec(journalSchema)
  } catch (error) {
    database.close()
    throw error
  }
  const prepared = new Map<string, StatementSync>()
  const run = ({ name, params }: JournalOperation): OperationResult => {
    const statement = prepared.get(name) ?? database.prepare(journalStatements[name])
    prepared.set(name, statement)
    if (journalStatements[name].startsWith('SELECT')) {
      return { rows: statement.all(...params) as Record<string, unknown>[], changes: 0 }
    }
    return { rows: [], changes: Number(statement.run(...params).changes) }
  }
  return {
    inOneTransaction(operations) {
      database.exec('BEGIN')
      const results = operations.map(run)
      database.exec('COMMIT')
      return results
    },
    close: () => database.close(),
  }
}
