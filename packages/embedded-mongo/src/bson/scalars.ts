import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Decimal128,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson'
import { bsonUndefined, type Value } from './value.ts'

export type Cursor = { at: number }

const minKey = new MinKey()
const maxKey = new MaxKey()

const cachedKeys: (string | undefined)[] = new Array(4096)

/** Field names repeat: the string is made once for the bytes that keep coming. */
export function keyAt(bytes: Buffer, start: number, end: number): string {
  let hash = end - start
  for (let i = start; i < end; i++) hash = (hash * 31 + (bytes[i] as number)) | 0
  const slot = hash & 4095
  const known = cachedKeys[slot]
  if (known !== undefined && known.length === end - start) {
    let i = start
    while (i < end && known.charCodeAt(i - start) === bytes[i] && (bytes[i] as number) < 128) i++
    if (i === end) return known
  }
  const key = bytes.toString('utf8', start, end)
  cachedKeys[slot] = key
  return key
}

function textAt(bytes: Buffer, start: number, end: number): string {
  if (end - start < 20) {
    let text = ''
    for (let i = start; i < end; i++) {
      const byte = bytes[i] as number
      if (byte > 127) return bytes.toString('utf8', start, end)
      text += String.fromCharCode(byte)
    }
    return text
  }
  return bytes.toString('utf8', start, end)
}

export function int32At(bytes: Buffer, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  )
}

function cstring(bytes: Buffer, cursor: Cursor): string {
  const end = bytes.indexOf(0, cursor.at)
  const text = textAt(bytes, cursor.at, end)
  cursor.at = end + 1
  return text
}

export function lengthPrefixedString(bytes: Buffer, cursor: Cursor): string {
  const length = int32At(bytes, cursor.at)
  const start = cursor.at + 4
  cursor.at = start + length
  return textAt(bytes, start, start + length - 1)
}

function binary(bytes: Buffer, cursor: Cursor): Binary {
  const length = int32At(bytes, cursor.at)
  const subtype = bytes[cursor.at + 4] as number
  const start = cursor.at + 5
  cursor.at = start + length
  return new Binary(Buffer.from(bytes.subarray(start, start + length)), subtype)
}

function fixed(bytes: Buffer, cursor: Cursor, length: number): Buffer {
  const part = Buffer.from(bytes.subarray(cursor.at, cursor.at + length))
  cursor.at += length
  return part
}

function int64(bytes: Buffer, cursor: Cursor): bigint {
  cursor.at += 8
  return bytes.readBigInt64LE(cursor.at - 8)
}

/** One reader for each type that holds no other value; each moves the cursor behind what it read. */
export const scalarReaders: Record<number, (bytes: Buffer, cursor: Cursor) => Value> = {
  1: (bytes, cursor) => {
    cursor.at += 8
    return bytes.readDoubleLE(cursor.at - 8)
  },
  2: lengthPrefixedString,
  5: binary,
  6: () => bsonUndefined,
  7: (bytes, cursor) => new ObjectId(fixed(bytes, cursor, 12)),
  8: (bytes, cursor) => bytes[cursor.at++] === 1,
  9: (bytes, cursor) => {
    cursor.at += 8
    return new Date(int32At(bytes, cursor.at - 4) * 2 ** 32 + (int32At(bytes, cursor.at - 8) >>> 0))
  },
  10: () => null,
  11: (bytes, cursor) => {
    const pattern = cstring(bytes, cursor)
    return new BSONRegExp(pattern, cstring(bytes, cursor))
  },
  12: (bytes, cursor) => {
    const length = 4 + int32At(bytes, cursor.at) + 12
    return { kind: 'dbpointer', bytes: fixed(bytes, cursor, length) }
  },
  13: (bytes, cursor) => ({ kind: 'code', code: lengthPrefixedString(bytes, cursor), scope: null }),
  14: (bytes, cursor) => new BSONSymbol(lengthPrefixedString(bytes, cursor)),
  16: (bytes, cursor) => {
    cursor.at += 4
    return new Int32(int32At(bytes, cursor.at - 4))
  },
  17: (bytes, cursor) => {
    cursor.at += 8
    return new Timestamp(new Long(int32At(bytes, cursor.at - 8), int32At(bytes, cursor.at - 4), true))
  },
  18: int64,
  19: (bytes, cursor) => new Decimal128(fixed(bytes, cursor, 16)),
  127: () => maxKey,
  255: () => minKey,
}

/** Bytes of a value of this type that stands at `at`. */
export function sizeOf(bytes: Buffer, type: number, at: number): number {
  switch (type) {
    case 1:
    case 9:
    case 17:
    case 18:
      return 8
    case 2:
    case 13:
    case 14:
      return 4 + int32At(bytes, at)
    case 3:
    case 4:
    case 15:
      return int32At(bytes, at)
    case 5:
      return 5 + int32At(bytes, at)
    case 7:
      return 12
    case 8:
      return 1
    case 11:
      return bytes.indexOf(0, bytes.indexOf(0, at) + 1) + 1 - at
    case 12:
      return 4 + int32At(bytes, at) + 12
    case 16:
      return 4
    case 19:
      return 16
    default:
      return 0
  }
}
