import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Binary, Int32 } from 'bson'
import { Doc } from '../bson/doc.ts'
import { encode } from '../bson/encode.ts'
import type { Value } from '../bson/value.ts'
import { openCatalogue } from './catalogue.ts'
import type { Collection, Namespace } from './collection.ts'
import { type GroupCommit, groupCommit } from './group-commit.ts'
import { createIndexTable, type Index, openIndex } from './index.ts'
import { readIndexSpec } from './index-spec.ts'
import { openLog } from './log.ts'
import { checkName } from './names.ts'

/** Everything that is stored: collections and their indexes, over one SQLite file. */
export type Engine = {
  readonly db: DatabaseSync
  readonly commit: GroupCommit
  find(namespace: Namespace): Collection | undefined
  all(): Collection[]
  create(namespace: Namespace, options?: Doc): Collection
  /** Remembers changed options of a collection. */
  alter(collection: Collection, options: Doc): void
  drop(collection: Collection): void
  rename(collection: Collection, to: Namespace): void
  addIndex(collection: Collection, spec: Doc): Index
  /** Replaces what is remembered of an index, where its keys stay what they are. */
  alterIndex(collection: Collection, index: Index, spec: Doc): void
  dropIndex(collection: Collection, index: Index): void
  /** Commits what is open and closes the file; nothing may be called afterwards. */
  close(): void
}

const pragmas = `
  PRAGMA locking_mode = EXCLUSIVE; PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
  PRAGMA cache_size = -131072; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000; BEGIN IMMEDIATE; COMMIT;
`

/** Opens the file for this process alone: exclusive locking also spares the WAL its shared memory. */
function openDatabase(path: string): DatabaseSync {
  const db = new DatabaseSync(path)
  try {
    db.exec(pragmas)
  } catch (error) {
    db.close()
    if (/locked|busy/.test((error as Error).message))
      throw new Error(`another process holds the data directory ${dirname(path)}`, { cause: error })
    throw error
  }
  return db
}

const idIndex = (): Doc =>
  Doc.of({ v: new Int32(2), key: Doc.of({ _id: new Int32(1) }), name: '_id_', unique: true })

function indexKeeper(db: DatabaseSync, commit: GroupCommit) {
  const dropTable = (index: Index): void => {
    db.prepare('DELETE FROM indexes WHERE id = ?').run(index.id)
    db.exec(`DROP TABLE i${index.id}`)
  }
  return {
    dropTable,

    addIndex(collection: Collection, spec: Doc): Index {
      commit.begin(collection.id)
      const { lastInsertRowid } = db
        .prepare('INSERT INTO indexes(ns, spec) VALUES(?, ?)')
        .run(collection.id, encode(spec))
      const definition = readIndexSpec(Number(lastInsertRowid), spec)
      createIndexTable(db, definition.id, spec.get('unique') === true)
      const index = openIndex(db, definition, false)
      try {
        collection.build(index)
      } catch (error) {
        dropTable(index)
        throw error
      }
      collection.indexes.push(index)
      return index
    },

    alterIndex(collection: Collection, index: Index, spec: Doc): void {
      commit.begin(collection.id)
      db.prepare('UPDATE indexes SET spec = ? WHERE id = ?').run(encode(spec), index.id)
      const altered = openIndex(db, readIndexSpec(index.id, spec), index.multikey)
      collection.indexes.splice(collection.indexes.indexOf(index), 1, altered)
    },

    dropIndex(collection: Collection, index: Index): void {
      commit.begin(collection.id)
      dropTable(index)
      collection.indexes.splice(collection.indexes.indexOf(index), 1)
    },
  }
}

/**
 * Opens what a data directory holds, or makes it.
 * @param onLost  told when a commit fails; the process must not go on with what it holds in memory
 */
export function openEngine(dataDir: string, onLost: (error: Error) => void): Engine {
  mkdirSync(dataDir, { recursive: true })
  const path = join(dataDir, 'heed.sqlite')
  const db = openDatabase(path)
  const log = openLog(`${path}-wal`)
  const commit = groupCommit(db, log, onLost)
  const catalogue = openCatalogue(db, commit)
  const { dropTable, ...indexes } = indexKeeper(db, commit)

  return {
    db,
    commit,
    ...indexes,
    find: catalogue.find,
    all: catalogue.all,

    create(namespace, options = Doc.of({})) {
      checkName(namespace)
      commit.begin()
      const collection = catalogue.add(namespace, options)
      indexes.addIndex(collection, idIndex())
      return collection
    },

    alter(collection, options) {
      commit.begin(collection.id)
      db.prepare('UPDATE namespaces SET options = ? WHERE id = ?').run(encode(options), collection.id)
      collection.options = options
    },

    drop(collection) {
      commit.begin(collection.id)
      for (const index of collection.indexes) dropTable(index)
      catalogue.remove(collection)
    },

    rename(collection, to) {
      checkName(to)
      commit.begin(collection.id)
      catalogue.rename(collection, to)
    },

    close() {
      commit.flush()
      log.close()
      db.close()
    },
  }
}

export function uuidValue(collection: Collection): Value {
  return new Binary(collection.uuid, Binary.SUBTYPE_UUID)
}
