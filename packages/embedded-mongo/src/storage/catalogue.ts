import type { DatabaseSync } from 'node:sqlite'
import { Doc } from '../bson/doc.ts'
import { encode } from '../bson/encode.ts'
import { type Collection, type Namespace, openCollection } from './collection.ts'
import type { GroupCommit } from './group-commit.ts'
import { type Index, openIndex } from './index.ts'
import { readIndexSpec } from './index-spec.ts'
import { createRecordTable } from './records.ts'

const schema = `
  CREATE TABLE IF NOT EXISTS namespaces(id INTEGER PRIMARY KEY AUTOINCREMENT, db TEXT NOT NULL, name TEXT NOT NULL,
    options BLOB NOT NULL, uuid BLOB NOT NULL, UNIQUE(db, name));
  CREATE TABLE IF NOT EXISTS indexes(id INTEGER PRIMARY KEY AUTOINCREMENT, ns INTEGER NOT NULL, spec BLOB NOT NULL,
    multikey INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE IF NOT EXISTS retries(lsid BLOB NOT NULL, stmt INTEGER NOT NULL, txn INTEGER NOT NULL, at INTEGER NOT NULL,
    reply BLOB NOT NULL, PRIMARY KEY(lsid, stmt)) WITHOUT ROWID;
`

const key = ({ db, name }: Namespace): string => `${db}\0${name}`

const bytes = (value: unknown): Buffer => Buffer.from(value as Uint8Array)

/** Which collections there are, in memory and in the tables that outlive it. */
export function openCatalogue(db: DatabaseSync, commit: GroupCommit) {
  db.exec(schema)
  const collections = new Map<string, Collection>()
  const onMultikey = (index: Index): void =>
    void db.prepare('UPDATE indexes SET multikey = 1 WHERE id = ?').run(index.id)

  function open(id: number, namespace: Namespace, options: Doc, uuid: Buffer): Collection {
    const rows = db.prepare('SELECT id, spec, multikey FROM indexes WHERE ns = ? ORDER BY id').all(id)
    const indexes = rows.map((row) =>
      openIndex(db, readIndexSpec(row.id as number, Doc.over(bytes(row.spec))), row.multikey === 1),
    )
    const collection = openCollection(db, { id, namespace, options, uuid, indexes, commit, onMultikey })
    collections.set(key(namespace), collection)
    return collection
  }

  function read(): void {
    collections.clear()
    for (const row of db.prepare('SELECT * FROM namespaces ORDER BY id').all())
      open(
        row.id as number,
        { db: row.db as string, name: row.name as string },
        Doc.over(bytes(row.options)),
        bytes(row.uuid),
      )
  }
  read()
  commit.onUndone(read)

  return {
    find: (namespace: Namespace): Collection | undefined => collections.get(key(namespace)),

    all: (): Collection[] => [...collections.values()],

    add(namespace: Namespace, options: Doc): Collection {
      const uuid = Buffer.from(crypto.randomUUID().replaceAll('-', ''), 'hex')
      const { lastInsertRowid } = db
        .prepare('INSERT INTO namespaces(db, name, options, uuid) VALUES(?, ?, ?, ?)')
        .run(namespace.db, namespace.name, encode(options), uuid)
      createRecordTable(db, Number(lastInsertRowid))
      return open(Number(lastInsertRowid), namespace, options, uuid)
    },

    /** Expects the tables of its indexes to be gone. */
    remove(collection: Collection): void {
      db.exec(`DROP TABLE c${collection.id}`)
      db.prepare('DELETE FROM namespaces WHERE id = ?').run(collection.id)
      collections.delete(key(collection.namespace))
    },

    rename(collection: Collection, to: Namespace): void {
      db.prepare('UPDATE namespaces SET db = ?, name = ? WHERE id = ?').run(to.db, to.name, collection.id)
      collections.delete(key(collection.namespace))
      collection.namespace = to
      collections.set(key(to), collection)
    },
  }
}
