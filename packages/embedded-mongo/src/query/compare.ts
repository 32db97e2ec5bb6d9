import { Binary, type BSONRegExp, type BSONSymbol, type ObjectId, type Timestamp } from 'bson'
import { type Doc, isDoc } from '../bson/doc.ts'
import { compareNumbers, isNumeric, type Numeric } from '../bson/numeric.ts'
import { type Code, type DbPointer, type Maybe, T, typeOf, type Value } from '../bson/value.ts'

/** Compares two strings; without one, by their bytes. */
export type Collator = ((a: string, b: string) => number) | null

const missingRank = 0

const ranks: Record<number, number> = {
  [T.minKey]: -1,
  [T.undefined]: 0,
  [T.null]: 5,
  [T.double]: 10,
  [T.int]: 10,
  [T.long]: 10,
  [T.decimal]: 10,
  [T.string]: 15,
  [T.symbol]: 15,
  [T.object]: 20,
  [T.array]: 25,
  [T.binData]: 30,
  [T.objectId]: 35,
  [T.bool]: 40,
  [T.date]: 45,
  [T.timestamp]: 47,
  [T.regex]: 50,
  [T.dbPointer]: 55,
  [T.javascript]: 60,
  [T.javascriptWithScope]: 65,
  [T.maxKey]: 127,
}

/** The place of a value's type in the order of types; all numbers share one, strings and symbols too. */
export function rankOf(value: Maybe): number {
  return value === undefined ? missingRank : (ranks[typeOf(value)] as number)
}

const sign = (a: number | bigint, b: number | bigint): number => (a < b ? -1 : a > b ? 1 : 0)

/** Code points order as UTF-8 bytes do; UTF-16 units do not beyond the first plane. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (x === y) continue
    const [surrogateX, surrogateY] = [x >= 0xd800 && x < 0xe000, y >= 0xd800 && y < 0xe000]
    if (surrogateX !== surrogateY) return surrogateX ? 1 : -1
    return x < y ? -1 : 1
  }
  return sign(a.length, b.length)
}

function compareStrings(a: Value, b: Value, collator: Collator): number {
  const x = typeof a === 'string' ? a : (a as BSONSymbol).value
  const y = typeof b === 'string' ? b : (b as BSONSymbol).value
  return collator ? collator(x, y) : compareText(x, y)
}

function compareBinaries(a: Binary, b: Binary): number {
  return sign(a.position, b.position) || sign(a.sub_type, b.sub_type) || Buffer.compare(a.value(), b.value())
}

function compareDocs(a: Doc, b: Doc, collator: Collator): number {
  const left = a.entries()
  const right = b.entries()
  for (;;) {
    const x = left.next()
    const y = right.next()
    if (x.done || y.done) return sign(x.done ? 0 : 1, y.done ? 0 : 1)
    const [[keyX, valueX], [keyY, valueY]] = [x.value, y.value]
    const order =
      sign(rankOf(valueX), rankOf(valueY)) ||
      compareText(keyX, keyY) ||
      compareValues(valueX, valueY, collator)
    if (order !== 0) return order
  }
}

function compareArrays(a: Value[], b: Value[], collator: Collator): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const order = compareValues(a[i] as Value, b[i] as Value, collator)
    if (order !== 0) return order
  }
  return sign(a.length, b.length)
}

function compareCode(a: Code, b: Code, collator: Collator): number {
  const order = compareText(a.code, b.code)
  return order || (a.scope && b.scope ? compareDocs(a.scope, b.scope, collator) : 0)
}

const sameRank: Record<number, (a: never, b: never, collator: Collator) => number> = {
  10: compareNumbers,
  15: compareStrings,
  20: compareDocs,
  25: compareArrays,
  30: compareBinaries,
  35: (a: ObjectId, b: ObjectId) => Buffer.compare(a.id, b.id),
  40: (a: boolean, b: boolean) => sign(Number(a), Number(b)),
  45: (a: Date, b: Date) => sign(a.getTime(), b.getTime()),
  47: (a: Timestamp, b: Timestamp) => sign(a.t, b.t) || sign(a.i, b.i),
  50: (a: BSONRegExp, b: BSONRegExp) =>
    compareText(a.pattern, b.pattern) || compareText(a.options, b.options),
  55: (a: DbPointer, b: DbPointer) => Buffer.compare(a.bytes, b.bytes),
  60: compareCode,
  65: compareCode,
}

/** MongoDB's order of values across all types; a missing value stands with `undefined`, before null. */
export function compareValues(a: Maybe, b: Maybe, collator: Collator = null): number {
  if (typeof a === 'string' && typeof b === 'string') return collator ? collator(a, b) : compareText(a, b)
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(a as Numeric, b as Numeric)
  const [rankA, rankB] = [rankOf(a), rankOf(b)]
  if (rankA !== rankB) return rankA < rankB ? -1 : 1
  const compare = sameRank[rankA] as ((a: Maybe, b: Maybe, collator: Collator) => number) | undefined
  return compare ? compare(a, b, collator) : 0
}

export function equals(a: Maybe, b: Maybe, collator: Collator = null): boolean {
  return compareValues(a, b, collator) === 0
}

/** Same type, same bytes: stricter than equality, under which 1 and 1.0 are one value. */
export function isIdentical(a: Maybe, b: Maybe): boolean {
  if (a === undefined || b === undefined) return a === b
  if (typeOf(a) !== typeOf(b)) return false
  if (typeof a === 'number') return Object.is(a, b)
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((v, i) => isIdentical(v, b[i]))
  if (isDoc(a)) {
    const other = b as Doc
    if (a.size !== other.size) return false
    const entries = [...other.entries()]
    return [...a.entries()].every(
      ([key, value], i) => entries[i]?.[0] === key && isIdentical(value, entries[i]?.[1]),
    )
  }
  if (a instanceof Binary) return compareBinaries(a, b as Binary) === 0
  return compareValues(a, b) === 0
}
