import { type Cursor, int32At, keyAt, lengthPrefixedString, scalarReaders, sizeOf } from './scalars.ts'
import type { Maybe, Value } from './value.ts'

/** After so many fields were looked up in its bytes, a document is parsed as a whole. */
const rawLookupsMax = 16

/** Bytes of a document, and what became of some of its fields since: a new value, or `undefined` for none. */
export type Patched = { source: Buffer; start: number; changes: ReadonlyMap<string, Maybe> }

/**
 * A BSON document: fields in the order in which they came, whatever their names look like. One that was
 * read from bytes is parsed when it is first looked into, field by field, and of its bytes those are written back
 * unread whose fields were not changed; a plain object could keep neither the order nor the bytes.
 */
export class Doc {
  readonly _bsontype = 'Doc'
  private fields: Map<string, Value> | null
  /** The bytes this document was read from; null once it may differ from them by more than `changes`. */
  private source: Buffer | null
  private readonly start: number
  private lookups = 0
  /** Fields that were changed while the others were not parsed. */
  private changes: Map<string, Maybe> | null = null

  constructor(fields: Map<string, Value> | null, source: Buffer | null = null, start = 0) {
    this.fields = fields
    this.source = source
    this.start = start
  }

  /** A document over bytes that are known to be well formed. */
  static over(source: Buffer, start = 0): Doc {
    return new Doc(null, source, start)
  }

  static of(fields: Record<string, Maybe>): Doc {
    const map = new Map<string, Value>()
    for (const key of Object.keys(fields)) {
      const value = fields[key]
      if (value !== undefined) map.set(key, value)
    }
    return new Doc(map)
  }

  /** The fields, for reading. */
  get map(): Map<string, Value> {
    if (this.fields === null) {
      this.fields = parseFields(this.source as Buffer, this.start)
      if (this.changes !== null) this.takeChanges(this.fields, this.changes)
    }
    return this.fields
  }

  private takeChanges(fields: Map<string, Value>, changes: Map<string, Maybe>): void {
    for (const [key, value] of changes) {
      if (value === undefined) fields.delete(key)
      else fields.set(key, value)
    }
    this.changes = null
    this.source = null
  }

  get(key: string): Maybe {
    if (this.fields !== null) return this.fields.get(key)
    if (this.changes?.has(key)) return this.changes.get(key)
    if (this.lookups++ < rawLookupsMax) return rawGet(this.source as Buffer, this.start, key)
    return this.map.get(key)
  }

  has(key: string): boolean {
    return this.get(key) !== undefined
  }

  set(key: string, value: Value): this {
    // A field that was removed comes back as the last one, which a change in its place could not say.
    if (this.fields === null && !(this.changes?.has(key) && this.changes.get(key) === undefined)) {
      this.changes ??= new Map()
      this.changes.set(key, value)
      return this
    }
    this.map.set(key, value)
    this.source = null
    return this
  }

  delete(key: string): boolean {
    if (!this.has(key)) return false
    if (this.fields === null) {
      this.changes ??= new Map()
      this.changes.set(key, undefined)
      return true
    }
    this.source = null
    return this.fields.delete(key)
  }

  get size(): number {
    return this.map.size
  }

  keys(): string[] {
    return [...this.map.keys()]
  }

  firstKey(): string | undefined {
    return this.map.keys().next().value
  }

  entries(): IterableIterator<[string, Value]> {
    return this.map.entries()
  }

  /** A document of its own with the same values, which are shared. */
  copy(): Doc {
    return new Doc(new Map(this.map))
  }

  /** The bytes as they came, if nothing inside can have changed since. */
  unread(): { source: Buffer; start: number } | null {
    if (this.fields !== null || this.source === null || this.changes !== null) return null
    return { source: this.source, start: this.start }
  }

  /** The bytes as they came, and all that can differ from them; null where that is not known field by field. */
  patched(): Patched | null {
    if (this.fields !== null || this.source === null || this.changes === null) return null
    return { source: this.source, start: this.start, changes: this.changes }
  }
}

export function isDoc(value: unknown): value is Doc {
  return value instanceof Doc
}

function nested(bytes: Buffer, cursor: Cursor): Doc {
  const start = cursor.at
  cursor.at += int32At(bytes, start)
  return new Doc(null, bytes, start)
}

function array(bytes: Buffer, cursor: Cursor): Value[] {
  const end = cursor.at + int32At(bytes, cursor.at) - 1
  cursor.at += 4
  const values: Value[] = []
  while (cursor.at < end) {
    const type = bytes[cursor.at++] as number
    while (bytes[cursor.at] !== 0) cursor.at++
    cursor.at++
    values.push(valueAt(bytes, type, cursor))
  }
  cursor.at = end + 1
  return values
}

function codeWithScope(bytes: Buffer, cursor: Cursor): Value {
  cursor.at += 4
  const code = lengthPrefixedString(bytes, cursor)
  return { kind: 'code', code, scope: nested(bytes, cursor) }
}

const readers: Record<number, (bytes: Buffer, cursor: Cursor) => Value> = {
  ...scalarReaders,
  3: nested,
  4: array,
  15: codeWithScope,
}

function valueAt(bytes: Buffer, type: number, cursor: Cursor): Value {
  return (readers[type] as (bytes: Buffer, cursor: Cursor) => Value)(bytes, cursor)
}

/** The fields of the document at `start`; its bytes must be well formed. Of a repeated field the last. */
function parseFields(bytes: Buffer, start: number): Map<string, Value> {
  const fields = new Map<string, Value>()
  const end = start + int32At(bytes, start) - 1
  const cursor = { at: start + 4 }
  while (cursor.at < end) {
    const type = bytes[cursor.at++] as number
    let nul = cursor.at
    while (bytes[nul] !== 0) nul++
    const key = keyAt(bytes, cursor.at, nul)
    cursor.at = nul + 1
    fields.set(key, valueAt(bytes, type, cursor))
  }
  return fields
}

function isKeyAt(bytes: Buffer, at: number, key: string): boolean {
  for (let i = 0; i < key.length; i++) if (bytes[at + i] !== key.charCodeAt(i)) return false
  return bytes[at + key.length] === 0
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: any name outside ASCII takes the other way
const ascii = /^[\x01-\x7f]*$/

/** One field of the document at `start` without parsing the others. */
function rawGet(bytes: Buffer, start: number, key: string): Value | undefined {
  if (!ascii.test(key)) return parseFields(bytes, start).get(key)
  const end = start + int32At(bytes, start) - 1
  let at = start + 4
  while (at < end) {
    const type = bytes[at++] as number
    const found = isKeyAt(bytes, at, key)
    while (bytes[at] !== 0) at++
    at++
    if (found) return valueAt(bytes, type, { at })
    at += sizeOf(bytes, type, at)
  }
  return undefined
}
