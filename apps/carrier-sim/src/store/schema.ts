import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const schema = `
  CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    sid TEXT NOT NULL UNIQUE,
    direction TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    body TEXT NOT NULL,
    status TEXT NOT NULL,
    error_code INTEGER,
    created_at_ms INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL,
    status_callback TEXT,
    opt_out_type TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS messages_to ON messages (recipient, seq);
  CREATE INDEX IF NOT EXISTS messages_from ON messages (sender, seq);
  CREATE TABLE IF NOT EXISTS numbers (number TEXT PRIMARY KEY, webhook_url TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS deliveries (
    sid TEXT PRIMARY KEY,
    done INTEGER NOT NULL,
    steps INTEGER NOT NULL,
    due_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`

/**
 * Opens the carrier's database. WAL without fsync: what is committed outlives the death of this process,
 * which is all that a simulated carrier promises.
 */
export function openDatabase(dataDir: string | undefined): DatabaseSync {
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true })
  const db = new DatabaseSync(dataDir === undefined ? ':memory:' : join(dataDir, 'carrier-sim.sqlite'))
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA busy_timeout = 5000')
  db.exec(schema)
  return db
}
