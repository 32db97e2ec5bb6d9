import type {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Decimal128,
  Int32,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson'
import type { Doc } from './doc.ts'

/** The deprecated BSON type 6, which is not the same as a field that is missing. */
export const bsonUndefined = Object.freeze({ kind: 'undefined' as const })
export type BsonUndefined = typeof bsonUndefined

/** JavaScript code, kept but never run. */
export type Code = { readonly kind: 'code'; readonly code: string; readonly scope: Doc | null }

/** The deprecated BSON type 12, kept as it came. */
export type DbPointer = { readonly kind: 'dbpointer'; readonly bytes: Buffer }

/**
 * A BSON value. Every BSON type has exactly one representation, so that a value goes back as it came:
 * `number` is a double, `Int32` an int, `bigint` a long.
 */
export type Value =
  | number
  | Int32
  | bigint
  | Decimal128
  | string
  | boolean
  | null
  | Doc
  | Value[]
  | Date
  | ObjectId
  | Binary
  | Timestamp
  | BSONRegExp
  | BSONSymbol
  | MinKey
  | MaxKey
  | BsonUndefined
  | Code
  | DbPointer

/** A value that may be missing, which is `undefined` here. */
export type Maybe = Value | undefined

/** BSON type numbers. */
export const T = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
} as const

const bsonTypes: Record<string, number> = {
  Int32: T.int,
  Decimal128: T.decimal,
  ObjectId: T.objectId,
  Binary: T.binData,
  Timestamp: T.timestamp,
  BSONRegExp: T.regex,
  BSONSymbol: T.symbol,
  MinKey: T.minKey,
  MaxKey: T.maxKey,
  Doc: T.object,
}

/** The BSON type number of a value. */
export function typeOf(value: Value): number {
  switch (typeof value) {
    case 'number':
      return T.double
    case 'string':
      return T.string
    case 'bigint':
      return T.long
    case 'boolean':
      return T.bool
    default:
  }
  if (value === null) return T.null
  if (Array.isArray(value)) return T.array
  if (value instanceof Date) return T.date
  if ('_bsontype' in value) return bsonTypes[value._bsontype] as number
  if (value.kind === 'undefined') return T.undefined
  if (value.kind === 'dbpointer') return T.dbPointer
  return value.scope ? T.javascriptWithScope : T.javascript
}

const typeNames = new Map<number, string>(Object.entries(T).map(([name, number]) => [number, name]))

/** The name `$type` gives a value; `missing` where there is none. */
export function typeName(value: Maybe): string {
  return value === undefined ? 'missing' : (typeNames.get(typeOf(value)) as string)
}

export function nameOfType(type: number): string | undefined {
  return typeNames.get(type)
}
