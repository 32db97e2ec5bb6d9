import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** Statements by their text, each prepared once and giving its rows as arrays. */
export function preparedStatements(db: DatabaseSync): (sql: string) => StatementSync {
  const statements = new Map<string, StatementSync>()
  return (sql) => {
    let statement = statements.get(sql)
    if (!statement) {
      statement = db.prepare(sql)
      statement.setReturnArrays(true)
      statements.set(sql, statement)
    }
    return statement
  }
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export function createRecordTable(db: DatabaseSync, id: number): void {
  db.exec(`CREATE TABLE c${id}(r INTEGER PRIMARY KEY, d BLOB NOT NULL)`)
}

/** The documents of one collection by record number, in its table `c<id>`. */
export function openRecords(db: DatabaseSync, id: number) {
  const prepared = preparedStatements(db)
  const one = <Row>(sql: string, ...given: (number | Buffer)[]): Row | undefined =>
    prepared(sql).get(...given) as unknown as Row | undefined
  let last = one<[number]>(`SELECT coalesce(max(r), 0) FROM c${id}`)?.[0] ?? 0
  let count: number | null = null

  return {
    prepared,

    count(): number {
      count ??= one<[number]>(`SELECT count(*) FROM c${id}`)?.[0] ?? 0
      return count
    },

    /** The number the next document gets. */
    get next(): number {
      return last + 1
    },

    get(record: number): Buffer | null {
      const row = one<[Uint8Array]>(`SELECT d FROM c${id} WHERE r = ?`, record)
      return row ? asBuffer(row[0]) : null
    },

    /** By a key of a unique index. */
    byKey(index: number, key: Buffer): { record: number; bytes: Buffer } | null {
      const row = one<[number, Uint8Array]>(
        `SELECT c.r, c.d FROM i${index} i CROSS JOIN c${id} c ON c.r = i.r WHERE i.k = ?`,
        key,
      )
      return row ? { record: row[0], bytes: asBuffer(row[1]) } : null
    },

    insert(record: number, bytes: Buffer): void {
      prepared(`INSERT INTO c${id}(r, d) VALUES(?, ?)`).run(record, bytes)
      last = record
      if (count !== null) count++
    },

    update(record: number, bytes: Buffer): void {
      prepared(`UPDATE c${id} SET d = ? WHERE r = ?`).run(bytes, record)
    },

    remove(record: number): void {
      prepared(`DELETE FROM c${id} WHERE r = ?`).run(record)
      if (count !== null) count--
    },

    /** Documents after a record, in order. */
    after(record: number, limit: number): [number, Uint8Array][] {
      return prepared(`SELECT r, d FROM c${id} WHERE r > ? ORDER BY r LIMIT ?`).all(
        record,
        limit,
      ) as unknown as [number, Uint8Array][]
    },
  }
}
