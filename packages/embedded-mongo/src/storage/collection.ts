import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { Doc } from '../bson/doc.ts'
import type { Maybe } from '../bson/value.ts'
import { ServerError } from '../errors.ts'
import type { GroupCommit } from './group-commit.ts'
import type { EncodedKeys, Index } from './index.ts'
import { asBuffer, openRecords } from './records.ts'
import { shellText } from './shell-text.ts'

export type Namespace = { readonly db: string; readonly name: string }

export const fullName = ({ db, name }: Namespace): string => `${db}.${name}`

type Opened = {
  readonly id: number
  namespace: Namespace
  options: Doc
  readonly uuid: Buffer
  readonly indexes: Index[]
  readonly commit: GroupCommit
  readonly onMultikey: (index: Index) => void
}

/**
 * One collection: its documents, and their keys in the tables of its indexes. A write checks every unique
 * index before it changes anything, so that a refused one leaves nothing to undo.
 */
export type Collection = Opened & {
  readonly prepared: (sql: string) => StatementSync
  count(): number
  index(name: string): Index | undefined
  document(record: number): Buffer | null
  /** By the encoded key of its `_id`. */
  byId(key: Buffer): { record: number; bytes: Buffer } | null
  insert(doc: Doc, bytes: Buffer): void
  /**
   * Puts another document in the place of one.
   * @param changed  the top-level fields that may differ; null if any may
   */
  replace(record: number, before: Doc, after: Doc, bytes: Buffer, changed: ReadonlySet<string> | null): void
  remove(record: number, doc: Doc): void
  /** Fills a new index from the documents that are there; on a duplicate it throws and leaves a part. */
  build(index: Index): void
}

function duplicateKey(namespace: Namespace, index: Index, values: Maybe[]): ServerError {
  const keyValue = index.keyValue(values)
  const text = `E11000 duplicate key error collection: ${fullName(namespace)} index: ${index.name} dup key: ${shellText(keyValue)}`
  return new ServerError('DuplicateKey', text, { keyPattern: index.spec.get('key'), keyValue })
}

function checkFree({ namespace }: Opened, index: Index, entry: EncodedKeys, record: number | null): void {
  if (!index.unique) return
  entry.keys.forEach((key, i) => {
    const owner = index.ownerOf(key)
    if (owner !== null && owner !== record) throw duplicateKey(namespace, index, entry.values[i] as Maybe[])
  })
}

function put(opened: Opened, index: Index, entry: EncodedKeys, record: number): void {
  if (entry.multikey && !index.multikey) {
    index.multikey = true
    opened.onMultikey(index)
  }
  for (const key of entry.keys) index.insert(key, record)
}

type Move = { index: Index; out: Buffer[]; added: EncodedKeys }

/** Which keys of an index go and which come when a document changes. */
function moveOf(index: Index, before: Doc, after: Doc): Move {
  const [old, fresh] = [index.keysOf(before), index.keysOf(after)]
  const [oldKey, freshKey] = [old.keys[0], fresh.keys[0]]
  if (old.keys.length === 1 && fresh.keys.length === 1 && oldKey && freshKey)
    return oldKey.equals(freshKey)
      ? { index, out: [], added: { ...fresh, keys: [], values: [] } }
      : { index, out: old.keys, added: fresh }
  const isNew = fresh.keys.map((key) => !old.keys.some((other) => other.equals(key)))
  return {
    index,
    out: old.keys.filter((key) => !fresh.keys.some((other) => other.equals(key))),
    added: {
      multikey: fresh.multikey,
      keys: fresh.keys.filter((_, i) => isNew[i]),
      values: fresh.values.filter((_, i) => isNew[i]),
    },
  }
}

type Records = ReturnType<typeof openRecords>

function insert(opened: Opened, records: Records, doc: Doc, bytes: Buffer): void {
  const { indexes, namespace } = opened
  const entries = indexes.map((index) => index.keysOf(doc))
  for (let i = 1; i < entries.length; i++)
    checkFree(opened, indexes[i] as Index, entries[i] as EncodedKeys, null)
  opened.commit.begin(opened.id)
  const record = records.next
  const [idIndex, idEntry] = [indexes[0] as Index, entries[0] as EncodedKeys]
  if (!idIndex.insert(idEntry.keys[0] as Buffer, record))
    throw duplicateKey(namespace, idIndex, idEntry.values[0] as Maybe[])
  for (let i = 1; i < entries.length; i++) put(opened, indexes[i] as Index, entries[i] as EncodedKeys, record)
  records.insert(record, bytes)
}

function build(opened: Opened, records: Records, index: Index): void {
  let from = 0
  for (let rows = records.after(from, 256); rows.length; rows = records.after(from, 256)) {
    for (const [record, bytes] of rows) {
      const entry = index.keysOf(Doc.over(asBuffer(bytes)))
      checkFree(opened, index, entry, record)
      put(opened, index, entry, record)
      from = record
    }
  }
}

export function openCollection(db: DatabaseSync, opened: Opened): Collection {
  const records = openRecords(db, opened.id)
  const { commit } = opened
  const collection: Collection = {
    ...opened,
    prepared: records.prepared,
    count: () => records.count(),
    index: (name) => collection.indexes.find((index) => index.name === name),
    document: (record) => records.get(record),
    byId: (key) => records.byKey((collection.indexes[0] as Index).id, key),
    insert: (doc, bytes) => insert(collection, records, doc, bytes),
    replace(record, before, after, bytes, changed) {
      const touched = collection.indexes.filter(
        (index) => !changed || index.partial || !changed.isDisjointFrom(index.roots),
      )
      const moves = touched.map((index) => moveOf(index, before, after))
      for (const { index, added } of moves) checkFree(collection, index, added, record)
      commit.begin(opened.id)
      for (const { index, out, added } of moves) {
        for (const key of out) index.delete(key, record)
        put(collection, index, added, record)
      }
      records.update(record, bytes)
    },
    remove(record, doc) {
      commit.begin(opened.id)
      for (const index of collection.indexes)
        for (const key of index.keysOf(doc).keys) index.delete(key, record)
      records.remove(record)
    },
    build: (index) => build(collection, records, index),
  }
  return collection
}
