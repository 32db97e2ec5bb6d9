import type { DatabaseSync } from 'node:sqlite'
import { Doc } from '../bson/doc.ts'
import type { Maybe, Value } from '../bson/value.ts'
import type { Condition } from '../query/condition.ts'
import { indexKeys } from './index-keys.ts'
import { encodeKey } from './key-encoding.ts'
import { preparedStatements } from './records.ts'

export type IndexPart = { readonly path: string; readonly descending: boolean }

/** What an index is, as `listIndexes` tells it and as writes and plans need it. */
export type IndexDefinition = {
  readonly id: number
  readonly name: string
  readonly parts: readonly IndexPart[]
  readonly unique: boolean
  readonly sparse: boolean
  /** Only documents that match are in the index. */
  readonly partial: Condition | null
  readonly spec: Doc
}

export type Index = ReturnType<typeof openIndex>

/** Keys of one document in one index, encoded; none where the index leaves it out. */
export type EncodedKeys = { keys: Buffer[]; multikey: boolean; values: Maybe[][] }

const none: EncodedKeys = { keys: [], multikey: false, values: [] }

export function createIndexTable(db: DatabaseSync, id: number, unique: boolean): void {
  const primary = unique ? 'k' : 'k, r'
  db.exec(`CREATE TABLE i${id}(k BLOB NOT NULL, r INTEGER NOT NULL, PRIMARY KEY(${primary})) WITHOUT ROWID`)
}

function dedupe(encoded: EncodedKeys): EncodedKeys {
  const seen = new Set<string>()
  const fresh = encoded.keys.map((key) => {
    const text = key.toString('latin1')
    if (seen.has(text)) return false
    seen.add(text)
    return true
  })
  return {
    keys: encoded.keys.filter((_, i) => fresh[i]),
    values: encoded.values.filter((_, i) => fresh[i]),
    multikey: encoded.multikey,
  }
}

/** The statements of one index over its table `i<id>`, prepared when first needed. */
export function openIndex(db: DatabaseSync, definition: IndexDefinition, multikey: boolean) {
  const { id, parts, unique, sparse, partial } = definition
  const paths = parts.map(({ path }) => path.split('.'))
  const descending = parts.map((part) => part.descending)
  const prepared = preparedStatements(db)
  const insertSql = `INSERT OR IGNORE INTO i${id}(k, r) VALUES(?, ?)`
  const deleteSql = `DELETE FROM i${id} WHERE k = ? AND r = ?`
  const ownerSql = `SELECT r FROM i${id} WHERE k = ?`
  /** Its fields, where all of them stand at the top of the document. */
  const flat = paths.every(({ length }) => length === 1) ? parts.map(({ path }) => path) : null

  return {
    ...definition,
    paths,
    descending,
    /** Top-level fields that its keys are made of. */
    hidden: definition.spec.get('hidden') === true,
    roots: new Set(paths.map((path) => path[0] as string)),
    /** Whether any document ever gave more than one key: bounds then say less. */
    multikey,
    prepared,

    keysOf(doc: Doc): EncodedKeys {
      if (partial && !partial.matches(doc)) return none
      if (flat !== null) {
        const values = flat.map((field) => doc.get(field))
        if (sparse && values.every((value) => value === undefined)) return none
        if (!values.some(Array.isArray))
          return { keys: [encodeKey(values, descending)], multikey: false, values: [values] }
      }
      const found = indexKeys(doc, paths)
      if (sparse && found.keys.every((key) => key.every((value) => value === undefined))) return none
      const keys = found.keys.map((key) => encodeKey(key, descending))
      const encoded = { keys, multikey: found.multikey, values: found.keys }
      return keys.length > 1 ? dedupe(encoded) : encoded
    },

    /** Whether the key was free; only a unique index can say no. */
    insert(key: Buffer, record: number): boolean {
      return prepared(insertSql).run(key, record).changes === 1 || !unique
    },

    delete(key: Buffer, record: number): void {
      prepared(deleteSql).run(key, record)
    },

    /** The record that holds a key of a unique index. */
    ownerOf(key: Buffer): number | null {
      const row = prepared(ownerSql).get(key) as unknown as [number] | undefined
      return row ? row[0] : null
    },

    /** `keyValue` of a duplicate-key error. */
    keyValue(values: Maybe[]): Doc {
      return new Doc(new Map(parts.map(({ path }, i) => [path, (values[i] ?? null) as Value])))
    },
  }
}
