import type { Binary, BSONRegExp, BSONSymbol, Decimal128, Int32, ObjectId, Timestamp } from 'bson'
import type { Doc, Patched } from './doc.ts'
import { int32At, keyAt, sizeOf } from './scalars.ts'
import { type Code, type DbPointer, T, typeOf, type Value } from './value.ts'

/** One growing buffer for all encoding, which never gives way to other code while it writes. */
let out = Buffer.allocUnsafe(1 << 16)
let at = 0

function room(bytes: number): void {
  if (at + bytes <= out.length) return
  const larger = Buffer.allocUnsafe(Math.max(out.length * 2, at + bytes + 1024))
  out.copy(larger, 0, 0, at)
  out = larger
}

function writeText(text: string): void {
  const length = text.length
  room(length * 3 + 1)
  if (length < 32) {
    let i = 0
    for (; i < length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 127) break
      out[at + i] = unit
    }
    if (i === length) {
      at += length
      return
    }
  }
  at += out.write(text, at, 'utf8')
}

function writeCstring(text: string): void {
  writeText(text)
  room(1)
  out[at++] = 0
}

function writeInt32(value: number): void {
  room(4)
  at = out.writeInt32LE(value | 0, at)
}

function writeString(text: string): void {
  const start = at
  at += 4
  writeCstring(text)
  out.writeInt32LE(at - start - 4, start)
}

function writeBytes(bytes: Uint8Array): void {
  room(bytes.length)
  out.set(bytes, at)
  at += bytes.length
}

function writeInt64(value: bigint): void {
  room(8)
  at = out.writeBigInt64LE(value, at)
}

const writers: Record<number, (value: never) => void> = {
  [T.double]: (value: number) => {
    room(8)
    at = out.writeDoubleLE(value, at)
  },
  [T.string]: writeString,
  [T.object]: writeDoc,
  [T.array]: writeArray,
  [T.binData]: (value: Binary) => {
    const bytes = value.value()
    writeInt32(bytes.length)
    room(1)
    out[at++] = value.sub_type
    writeBytes(bytes)
  },
  [T.undefined]: () => undefined,
  [T.objectId]: (value: ObjectId) => writeBytes(value.id),
  [T.bool]: (value: boolean) => {
    room(1)
    out[at++] = value ? 1 : 0
  },
  [T.date]: (value: Date) => writeInt64(BigInt(value.getTime())),
  [T.null]: () => undefined,
  [T.regex]: (value: BSONRegExp) => {
    writeCstring(value.pattern)
    writeCstring(value.options)
  },
  [T.dbPointer]: (value: DbPointer) => writeBytes(value.bytes),
  [T.javascript]: (value: Code) => writeString(value.code),
  [T.symbol]: (value: BSONSymbol) => writeString(value.value),
  [T.javascriptWithScope]: (value: Code) => {
    const start = at
    at += 4
    writeString(value.code)
    writeDoc(value.scope as Doc)
    out.writeInt32LE(at - start, start)
  },
  [T.int]: (value: Int32) => writeInt32(value.value),
  [T.timestamp]: (value: Timestamp) => {
    writeInt32(value.low)
    writeInt32(value.high)
  },
  [T.long]: writeInt64,
  [T.decimal]: (value: Decimal128) => writeBytes(value.bytes),
  [T.minKey]: () => undefined,
  [T.maxKey]: () => undefined,
}

function writeElement(key: string, value: Value): void {
  const type = typeOf(value)
  room(1)
  out[at++] = type & 255
  writeCstring(key)
  ;(writers[type] as (value: Value) => void)(value)
}

function writeDoc(doc: Doc): void {
  const unread = doc.unread()
  if (unread !== null) {
    const { source, start } = unread
    const size = int32At(source, start)
    room(size)
    source.copy(out, at, start, start + size)
    at += size
    return
  }
  const patched = doc.patched()
  const start = at
  room(5)
  at += 4
  if (patched) writePatched(patched)
  else for (const [key, value] of doc.entries()) writeElement(key, value)
  close(start)
}

function writeRange(source: Buffer, from: number, to: number): void {
  room(to - from)
  source.copy(out, at, from, to)
  at += to - from
}

/** Unchanged fields as they stand in the bytes, changed ones in their places, new ones behind. */
function writePatched({ source, start, changes }: Patched): void {
  const end = start + int32At(source, start) - 1
  const written = new Set<string>()
  let unchanged = start + 4
  for (let field = unchanged; field < end; ) {
    let nul = field + 1
    while (source[nul] !== 0) nul++
    const key = keyAt(source, field + 1, nul)
    const next = nul + 1 + sizeOf(source, source[field] as number, nul + 1)
    if (changes.has(key)) {
      writeRange(source, unchanged, field)
      unchanged = next
      const value = changes.get(key)
      if (value !== undefined && !written.has(key)) writeElement(key, value)
      written.add(key)
    }
    field = next
  }
  writeRange(source, unchanged, end)
  for (const [key, value] of changes) if (value !== undefined && !written.has(key)) writeElement(key, value)
}

function writeArray(values: Value[]): void {
  const start = at
  room(5)
  at += 4
  for (let i = 0; i < values.length; i++) writeElement(String(i), values[i] as Value)
  close(start)
}

function close(start: number): void {
  room(1)
  out[at++] = 0
  out.writeInt32LE(at - start, start)
}

/** The bytes of a document, with `before` bytes left free in front of it. */
export function encode(doc: Doc, before = 0): Buffer {
  if (before === 0) {
    const unread = doc.unread()
    if (unread !== null) {
      const { source, start } = unread
      return source.subarray(start, start + int32At(source, start))
    }
  }
  at = 0
  room(before)
  at = before
  writeDoc(doc)
  const bytes = Buffer.allocUnsafe(at)
  out.copy(bytes, 0, 0, at)
  if (out.length > 1 << 25) out = Buffer.allocUnsafe(1 << 16)
  return bytes
}
