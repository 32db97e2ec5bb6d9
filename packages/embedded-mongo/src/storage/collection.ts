import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Doc } from '../bson/doc.ts'
import { Doc as Document } from '../bson/doc.ts'
import { encode } from '../bson/encode.ts'
import { maxInternalBytes } from '../bson/validate.ts'
import type { Maybe } from '../bson/value.ts'
import { fail, ServerError } from '../errors.ts'
import type { GroupCommit } from './group-commit.ts'
import type { EncodedKeys, Index } from './index.ts'
import { shellText } from './shell-text.ts'

export type Namespace = { readonly db: string; readonly name: string }

export const fullName = ({ db, name }: Namespace): string => `${db}.${name}`

export type Collection = ReturnType<typeof openCollection>

export function createCollectionTable(db: DatabaseSync, id: number): void {
  db.exec(`CREATE TABLE c${id}(r INTEGER PRIMARY KEY, d BLOB NOT NULL)`)
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function duplicateKey(namespace: Namespace, index: Index, values: Maybe[]): ServerError {
  const keyValue = index.keyValue(values)
  const text = `E11000 duplicate key error collection: ${fullName(namespace)} index: ${index.name} dup key: ${shellText(keyValue)}`
  return new ServerError('DuplicateKey', text, { keyPattern: index.spec.get('key'), keyValue })
}

type Options = {
  id: number
  namespace: Namespace
  options: Doc
  uuid: Buffer
  indexes: Index[]
  commit: GroupCommit
  onMultikey: (index: Index) => void
}

/**
 * One collection: documents in `c<id>` by record number, which is the order of insertion, and their keys
 * in the tables of the indexes. A write checks every unique index before it changes anything, so that a
 * refused one leaves nothing to undo.
 */
export function openCollection(db: DatabaseSync, opened: Options) {
  const { id, commit } = opened
  const statements = new Map<string, StatementSync>()
  const prepared = (sql: string): StatementSync => {
    let statement = statements.get(sql)
    if (!statement) {
      statement = db.prepare(sql)
      statement.setReturnArrays(true)
      statements.set(sql, statement)
    }
    return statement
  }
  const one = <Row>(sql: string, ...given: (number | Buffer)[]): Row | undefined =>
    prepared(sql).get(...given) as unknown as Row | undefined

  let lastRecord = one<[number]>(`SELECT coalesce(max(r), 0) FROM c${id}`)?.[0] ?? 0
  let count: number | null = null

  const collection = {
    ...opened,
    prepared,

    /** Documents in it. */
    count(): number {
      count ??= one<[number]>(`SELECT count(*) FROM c${id}`)?.[0] ?? 0
      return count
    },

    index(name: string): Index | undefined {
      return collection.indexes.find((index) => index.name === name)
    },

    document(record: number): Buffer | null {
      const row = one<[Uint8Array]>(`SELECT d FROM c${id} WHERE r = ?`, record)
      return row ? asBuffer(row[0]) : null
    },

    /** By the encoded key of its `_id`. */
    byId(key: Buffer): { record: number; bytes: Buffer } | null {
      const idIndex = collection.indexes[0] as Index
      const row = one<[number, Uint8Array]>(
        `SELECT c.r, c.d FROM i${idIndex.id} i CROSS JOIN c${id} c ON c.r = i.r WHERE i.k = ?`,
        key,
      )
      return row ? { record: row[0], bytes: asBuffer(row[1]) } : null
    },

    insert(doc: Doc, bytes: Buffer): void {
      const entries = collection.indexes.map((index) => index.keysOf(doc))
      for (let i = 1; i < entries.length; i++)
        checkFree(collection.indexes[i] as Index, entries[i] as EncodedKeys, null)
      commit.begin()
      const record = lastRecord + 1
      const idKeys = entries[0] as EncodedKeys
      if (!(collection.indexes[0] as Index).insert(idKeys.keys[0] as Buffer, record))
        throw duplicateKey(collection.namespace, collection.indexes[0] as Index, idKeys.values[0] as Maybe[])
      lastRecord = record
      for (let i = 1; i < entries.length; i++)
        put(collection.indexes[i] as Index, entries[i] as EncodedKeys, record)
      prepared(`INSERT INTO c${id}(r, d) VALUES(?, ?)`).run(record, bytes)
      if (count !== null) count++
    },

    /**
     * Puts another document in the place of one.
     * @param changed  the top-level fields that may differ; null if any may
     */
    replace(record: number, before: Doc, after: Doc, changed: ReadonlySet<string> | null): Buffer {
      const bytes = encode(after)
      if (bytes.length > maxInternalBytes)
        fail(17419, `Resulting document after update is larger than 16777216`)
      const moved: { index: Index; out: Buffer[]; in: EncodedKeys }[] = []
      for (const index of collection.indexes) {
        if (changed && !index.partial && changed.isDisjointFrom(index.roots)) continue
        const [old, fresh] = [index.keysOf(before), index.keysOf(after)]
        const out = old.keys.filter((key) => !fresh.keys.some((other) => other.equals(key)))
        const kept = fresh.keys.map((key) => !old.keys.some((other) => other.equals(key)))
        const added = {
          ...fresh,
          keys: fresh.keys.filter((_, i) => kept[i]),
          values: fresh.values.filter((_, i) => kept[i]),
        }
        checkFree(index, added, record)
        if (out.length || added.keys.length) moved.push({ index, out, in: added })
      }
      commit.begin()
      for (const move of moved) {
        for (const key of move.out) move.index.delete(key, record)
        put(move.index, move.in, record)
      }
      prepared(`UPDATE c${id} SET d = ? WHERE r = ?`).run(bytes, record)
      return bytes
    },

    remove(record: number, doc: Doc): void {
      commit.begin()
      for (const index of collection.indexes)
        for (const key of index.keysOf(doc).keys) index.delete(key, record)
      prepared(`DELETE FROM c${id} WHERE r = ?`).run(record)
      if (count !== null) count--
    },

    /** Fills a new index from the documents that are there; on a duplicate it throws and leaves a part. */
    build(index: Index): void {
      let from = 0
      for (;;) {
        const rows = prepared(`SELECT r, d FROM c${id} WHERE r > ? ORDER BY r LIMIT 256`).all(
          from,
        ) as unknown as [number, Uint8Array][]
        if (rows.length === 0) return
        for (const [record, bytes] of rows) {
          const entry = index.keysOf(Document.over(asBuffer(bytes)))
          checkFree(index, entry, record)
          put(index, entry, record)
          from = record
        }
      }
    },
  }

  function checkFree(index: Index, entry: EncodedKeys, record: number | null): void {
    if (!index.unique) return
    entry.keys.forEach((key, i) => {
      const owner = index.ownerOf(key)
      if (owner !== null && owner !== record)
        throw duplicateKey(collection.namespace, index, entry.values[i] as Maybe[])
    })
  }

  function put(index: Index, entry: EncodedKeys, record: number): void {
    if (entry.multikey && !index.multikey) {
      index.multikey = true
      opened.onMultikey(index)
    }
    for (const key of entry.keys) index.insert(key, record)
  }

  return collection
}
