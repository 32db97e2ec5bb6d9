import {
  type Binary,
  type BSONRegExp,
  type BSONSymbol,
  Decimal128,
  Int32,
  type ObjectId,
  type Timestamp,
} from 'bson'
import type { Doc } from '../bson/doc.ts'
import { decimalParts, type Numeric, rationalOf, rationalOfDouble, toDouble } from '../bson/numeric.ts'
import { type Code, type DbPointer, type Maybe, T, typeOf, type Value } from '../bson/value.ts'

/*
 * Index keys: bytes whose order is MongoDB's order of the values. A value is a type byte and a payload
 * that ends itself, so that the keys of several fields can be put one after the other. Type bytes stay
 * between 0x10 and 0xe0, so that 0xff behind a key stands above all that begin with it, also where a
 * descending field follows, whose bytes are complemented.
 */

const marks: Record<number, number> = {
  [T.minKey]: 0x10,
  [T.undefined]: 0x18,
  [T.null]: 0x20,
  [T.double]: 0x30,
  [T.int]: 0x30,
  [T.long]: 0x30,
  [T.decimal]: 0x30,
  [T.string]: 0x40,
  [T.symbol]: 0x40,
  [T.object]: 0x50,
  [T.array]: 0x58,
  [T.binData]: 0x60,
  [T.objectId]: 0x68,
  [T.bool]: 0x70,
  [T.date]: 0x78,
  [T.timestamp]: 0x80,
  [T.regex]: 0x88,
  [T.dbPointer]: 0x90,
  [T.javascript]: 0x98,
  [T.javascriptWithScope]: 0xa0,
  [T.maxKey]: 0xe0,
}

let out = Buffer.allocUnsafe(4096)
let at = 0

function room(bytes: number): void {
  if (at + bytes <= out.length) return
  const larger = Buffer.allocUnsafe(Math.max(out.length * 2, at + bytes))
  out.copy(larger, 0, 0, at)
  out = larger
}

function putByte(byte: number): void {
  room(1)
  out[at++] = byte
}

function putBytes(bytes: Uint8Array): void {
  room(bytes.length)
  out.set(bytes, at)
  at += bytes.length
}

const escapes: Record<string, string> = { '\0': '\x01\x01', '\x01': '\x01\x02' }

/** UTF-8 closed by a NUL; a NUL or 1 inside becomes two bytes that keep their order above it. */
function putText(text: string): void {
  room(text.length * 3 + 1)
  const start = at
  at += text.length > 32 ? out.write(text, at, 'utf8') : asciiOr(text)
  const written = out.subarray(start, at)
  if (written.includes(0) || written.includes(1)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these two are what is escaped
    const escaped = written.toString('latin1').replace(/[\0\x01]/g, (unit) => escapes[unit] as string)
    at = start
    putBytes(Buffer.from(escaped, 'latin1'))
  }
  putByte(0)
}

function asciiOr(text: string): number {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 127) return out.write(text, at, 'utf8')
    out[at + i] = unit
  }
  return text.length
}

/** The order of doubles as unsigned big-endian integers: the sign flipped, negatives complemented. */
function putDouble(value: number): void {
  room(8)
  out.writeDoubleBE(value === 0 ? 0 : value, at)
  if ((out[at] as number) & 0x80) for (let i = 0; i < 8; i++) out[at + i] = ~(out[at + i] as number)
  else out[at] = (out[at] as number) | 0x80
  at += 8
}

const bits = new DataView(new ArrayBuffer(8))

function nextUp(value: number): number {
  if (value === 0) return Number.MIN_VALUE
  bits.setFloat64(0, value)
  bits.setBigInt64(0, bits.getBigInt64(0) + (value > 0 ? 1n : -1n))
  return bits.getFloat64(0)
}

function nextDown(value: number): number {
  return -nextUp(-value)
}

/** The largest double that is not above the number, and how far up to the next one it is, in 2^-128. */
function putBetweenDoubles(value: bigint | Decimal128): void {
  const exact = rationalOf(value)
  let floor = Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, toDouble(value)))
  const above = (double: number): boolean => {
    const r = rationalOfDouble(double)
    return r.over * exact.under > exact.over * r.under
  }
  if (above(floor)) floor = nextDown(floor)
  const low = Number.isFinite(floor) ? floor : -Number.MAX_VALUE
  putDouble(floor)
  const from = rationalOfDouble(low)
  const over = exact.over * from.under - from.over * exact.under
  if (over === 0n) {
    putByte(0)
    return
  }
  const next = nextUp(low)
  const to = rationalOfDouble(Number.isFinite(next) ? next : low)
  const width = Number.isFinite(next) ? to.over * from.under - from.over * to.under : from.under ** 2n
  let fraction = ((over << 128n) * to.under) / (exact.under * (width === 0n ? 1n : width))
  if (fraction < 0n) fraction = 0n
  if (fraction >> 128n) fraction = (1n << 128n) - 1n
  putByte(1)
  putBytes(Buffer.from(fraction.toString(16).padStart(32, '0'), 'hex'))
}

function putNumber(value: Numeric): void {
  if (typeof value === 'number' || value instanceof Int32)
    putExact(typeof value === 'number' ? value : value.value)
  else if (value instanceof Decimal128) putDecimal(value)
  else if (value >= -9007199254740992n && value <= 9007199254740992n) putExact(Number(value))
  else putBetweenDoubles(value)
}

function putExact(double: number): void {
  if (Number.isNaN(double)) putBytes(Buffer.alloc(8))
  else putDouble(double)
  putByte(0)
}

function putDecimal(value: Decimal128): void {
  const parts = decimalParts(value)
  if (parts.kind === 'nan') putExact(Number.NaN)
  else if (parts.kind === 'infinite') putExact(parts.sign * Number.POSITIVE_INFINITY)
  else putBetweenDoubles(value)
}

function putInt64(value: bigint): void {
  room(8)
  at = out.writeBigUInt64BE(BigInt.asUintN(64, value) ^ (1n << 63n), at)
}

function putDoc(doc: Doc): void {
  for (const [key, value] of doc.entries()) {
    putByte(marks[typeOf(value)] as number)
    putText(key)
    putPayload(value)
  }
  putByte(0)
}

function putBinary(value: Binary): void {
  const bytes = value.value()
  room(4)
  at = out.writeUInt32BE(bytes.length, at)
  putByte(value.sub_type)
  putBytes(bytes)
}

const payloads: Record<number, (value: never) => void> = {
  [T.double]: putNumber,
  [T.int]: putNumber,
  [T.long]: putNumber,
  [T.decimal]: putNumber,
  [T.string]: putText,
  [T.symbol]: (value: BSONSymbol) => putText(value.value),
  [T.object]: putDoc,
  [T.array]: (values: Value[]) => {
    for (const value of values) putValue(value)
    putByte(0)
  },
  [T.binData]: putBinary,
  [T.objectId]: (value: ObjectId) => putBytes(value.id),
  [T.bool]: (value: boolean) => putByte(value ? 1 : 0),
  [T.date]: (value: Date) => putInt64(BigInt(value.getTime())),
  [T.timestamp]: (value: Timestamp) => {
    room(8)
    at = out.writeUInt32BE(value.t, at)
    at = out.writeUInt32BE(value.i, at)
  },
  [T.regex]: (value: BSONRegExp) => {
    putText(value.pattern)
    putText(value.options)
  },
  [T.dbPointer]: (value: DbPointer) => putBytes(value.bytes),
  [T.javascript]: (value: Code) => putText(value.code),
  [T.javascriptWithScope]: (value: Code) => {
    putText(value.code)
    putDoc(value.scope as Doc)
  },
}

function putPayload(value: Value): void {
  const put = payloads[typeOf(value)] as ((value: Value) => void) | undefined
  if (put) put(value)
}

function putValue(value: Value): void {
  putByte(marks[typeOf(value)] as number)
  putPayload(value)
}

function complementFrom(start: number): void {
  for (let i = start; i < at; i++) out[i] = ~(out[i] as number)
}

/** Key bytes of one value after another; a missing one is kept as null, as the server's indexes do. */
export function encodeKey(values: readonly Maybe[], descending: readonly boolean[] = []): Buffer {
  at = 0
  for (let i = 0; i < values.length; i++) {
    const start = at
    const value = values[i]
    putValue(value === undefined ? null : value)
    if (descending[i]) complementFrom(start)
  }
  return Buffer.from(out.subarray(0, at))
}

/** The first byte of every key of a value's type. */
export function typeMark(value: Value): number {
  return marks[typeOf(value)] as number
}

/** Above every key that starts with these bytes, below every other key that is above them. */
export function after(prefix: Buffer): Buffer {
  return Buffer.concat([prefix, Buffer.from([0xff])])
}
