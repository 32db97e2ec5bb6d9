import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Binary, Int32 } from 'bson'
import { Doc } from '../bson/doc.ts'
import { encode } from '../bson/encode.ts'
import type { Value } from '../bson/value.ts'
import { type Collection, createCollectionTable, type Namespace, openCollection } from './collection.ts'
import { groupCommit } from './group-commit.ts'
import { createIndexTable, type Index, openIndex } from './index.ts'
import { readIndexSpec } from './index-spec.ts'
import { checkName } from './names.ts'

export type Engine = ReturnType<typeof openEngine>

const schema = `
  CREATE TABLE IF NOT EXISTS namespaces(id INTEGER PRIMARY KEY AUTOINCREMENT, db TEXT NOT NULL, name TEXT NOT NULL,
    options BLOB NOT NULL, uuid BLOB NOT NULL, UNIQUE(db, name));
  CREATE TABLE IF NOT EXISTS indexes(id INTEGER PRIMARY KEY AUTOINCREMENT, ns INTEGER NOT NULL, spec BLOB NOT NULL,
    multikey INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE IF NOT EXISTS retries(lsid BLOB NOT NULL, stmt INTEGER NOT NULL, txn INTEGER NOT NULL, at INTEGER NOT NULL,
    reply BLOB NOT NULL, PRIMARY KEY(lsid, stmt)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS facts(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
`

function openDatabase(dataDir: string): DatabaseSync {
  mkdirSync(dataDir, { recursive: true })
  const db = new DatabaseSync(join(dataDir, 'heed.sqlite'))
  try {
    // Exclusive: one process holds the file, and the WAL's index needs no shared memory.
    db.exec(
      'PRAGMA locking_mode = EXCLUSIVE; PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;',
    )
    db.exec(
      'PRAGMA cache_size = -131072; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000; BEGIN IMMEDIATE; COMMIT;',
    )
    db.exec(schema)
  } catch (error) {
    db.close()
    if (/locked|busy/.test((error as Error).message))
      throw new Error(`another process holds the data directory ${dataDir}`, { cause: error })
    throw error
  }
  return db
}

const key = ({ db, name }: Namespace): string => `${db}\0${name}`

/**
 * The catalogue of databases, collections and indexes over one SQLite file.
 * @param onLost  told when a commit fails; the process must not go on with what it holds in memory
 */
export function openEngine(dataDir: string, onLost: (error: Error) => void) {
  const db = openDatabase(dataDir)
  const commit = groupCommit(db, onLost)
  const collections = new Map<string, Collection>()

  function onMultikey(index: Index): void {
    db.prepare('UPDATE indexes SET multikey = 1 WHERE id = ?').run(index.id)
  }

  function open(id: number, namespace: Namespace, options: Doc, uuid: Buffer): Collection {
    const rows = db.prepare('SELECT id, spec, multikey FROM indexes WHERE ns = ? ORDER BY id').all(id)
    const indexes = rows.map((row) => {
      const spec = Doc.over(Buffer.from(row.spec as Uint8Array))
      return openIndex(db, readIndexSpec(row.id as number, spec), row.multikey === 1)
    })
    const collection = openCollection(db, { id, namespace, options, uuid, indexes, commit, onMultikey })
    collections.set(key(namespace), collection)
    return collection
  }

  for (const row of db.prepare('SELECT * FROM namespaces ORDER BY id').all()) {
    const namespace = { db: row.db as string, name: row.name as string }
    open(
      row.id as number,
      namespace,
      Doc.over(Buffer.from(row.options as Uint8Array)),
      Buffer.from(row.uuid as Uint8Array),
    )
  }

  function addIndex(collection: Collection, spec: Doc): Index {
    commit.begin()
    const { lastInsertRowid } = db
      .prepare('INSERT INTO indexes(ns, spec) VALUES(?, ?)')
      .run(collection.id, encode(spec))
    const definition = readIndexSpec(Number(lastInsertRowid), spec)
    createIndexTable(db, definition.id, spec.get('unique') === true)
    const index = openIndex(db, definition, false)
    try {
      collection.build(index)
    } catch (error) {
      dropTables(index)
      throw error
    }
    collection.indexes.push(index)
    return index
  }

  function dropTables(index: Index): void {
    db.prepare('DELETE FROM indexes WHERE id = ?').run(index.id)
    db.exec(`DROP TABLE i${index.id}`)
  }

  const idIndex = (): Doc =>
    Doc.of({ v: new Int32(2), key: Doc.of({ _id: new Int32(1) }), name: '_id_', unique: true })

  return {
    db,
    commit,

    find: (namespace: Namespace): Collection | undefined => collections.get(key(namespace)),

    all: (): Collection[] => [...collections.values()],

    create(namespace: Namespace, options: Doc = Doc.of({})): Collection {
      checkName(namespace)
      commit.begin()
      const uuid = randomBytes(16)
      uuid[6] = ((uuid[6] as number) & 0x0f) | 0x40
      uuid[8] = ((uuid[8] as number) & 0x3f) | 0x80
      const { lastInsertRowid } = db
        .prepare('INSERT INTO namespaces(db, name, options, uuid) VALUES(?, ?, ?, ?)')
        .run(namespace.db, namespace.name, encode(options), uuid)
      createCollectionTable(db, Number(lastInsertRowid))
      const collection = open(Number(lastInsertRowid), namespace, options, uuid)
      addIndex(collection, idIndex())
      return collection
    },

    /** Remembers changed options of a collection. */
    alter(collection: Collection, options: Doc): void {
      commit.begin()
      db.prepare('UPDATE namespaces SET options = ? WHERE id = ?').run(encode(options), collection.id)
      collection.options = options
    },

    drop(collection: Collection): void {
      commit.begin()
      for (const index of collection.indexes) dropTables(index)
      db.exec(`DROP TABLE c${collection.id}`)
      db.prepare('DELETE FROM namespaces WHERE id = ?').run(collection.id)
      collections.delete(key(collection.namespace))
    },

    rename(collection: Collection, to: Namespace): void {
      checkName(to)
      commit.begin()
      db.prepare('UPDATE namespaces SET db = ?, name = ? WHERE id = ?').run(to.db, to.name, collection.id)
      collections.delete(key(collection.namespace))
      collection.namespace = to
      collections.set(key(to), collection)
    },

    addIndex,

    /** Replaces what is remembered of an index, where its keys stay what they are. */
    alterIndex(collection: Collection, index: Index, spec: Doc): void {
      commit.begin()
      db.prepare('UPDATE indexes SET spec = ? WHERE id = ?').run(encode(spec), index.id)
      const altered = openIndex(db, readIndexSpec(index.id, spec), index.multikey)
      collection.indexes.splice(collection.indexes.indexOf(index), 1, altered)
    },

    dropIndex(collection: Collection, index: Index): void {
      commit.begin()
      dropTables(index)
      collection.indexes.splice(collection.indexes.indexOf(index), 1)
    },

    /** Commits what is open and closes the file; nothing may be called afterwards. */
    close(): void {
      commit.flush()
      db.close()
    },
  }
}

export function uuidValue(collection: Collection): Value {
  return new Binary(collection.uuid, Binary.SUBTYPE_UUID)
}
