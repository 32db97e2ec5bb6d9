/** Every statement of the journal by name, so that what crosses to its thread is data. */
export const journalStatements = {
  append: 'INSERT INTO entries (id, lane, at, body) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
  move: 'UPDATE entries SET lane = ?, body = ? WHERE id = ?',
  remove: 'DELETE FROM entries WHERE id = ?',
  page: 'SELECT seq, id, lane, at, body FROM entries WHERE lane = ? AND seq > ? ORDER BY seq LIMIT ?',
  stats: 'SELECT lane, count(*) AS entries, min(at) AS oldestAt FROM entries GROUP BY lane',
  claim: 'INSERT INTO claims (id, at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING',
  forgetClaims: 'DELETE FROM claims WHERE at < ?',
  setOwner:
    'INSERT INTO owners (number, body) VALUES (?, ?) ON CONFLICT (number) DO UPDATE SET body = excluded.body',
  owners: 'SELECT number, body FROM owners',
} as const

type JournalStatement = keyof typeof journalStatements

export interface JournalOperation {
  readonly name: JournalStatement
  readonly params: readonly (string | number)[]
}

/** What one operation gave: rows that it read, or how many rows it changed. */
export interface OperationResult {
  readonly rows: readonly Record<string, unknown>[]
  readonly changes: number
}

export type ThreadAnswer =
  | { readonly ok: true; readonly results: readonly OperationResult[] }
  | { readonly ok: false; readonly code: string }

export const journalSchema = `
  CREATE TABLE IF NOT EXISTS entries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    lane TEXT NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS entries_by_lane ON entries (lane, seq);
  CREATE TABLE IF NOT EXISTS claims (id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS owners (number TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
`
