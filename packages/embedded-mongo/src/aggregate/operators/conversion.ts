import { Binary, Decimal128, Int32, ObjectId, Timestamp } from 'bson'
import { fitsLong, isNumeric, toBigInt, toDecimal, toDouble } from '../../bson/numeric.ts'
import { type Maybe, nameOfType, T, typeName, typeOf, type Value } from '../../bson/value.ts'
import { fail } from '../../errors.ts'
import type { Evaluate, OperatorFactory } from '../scope.ts'
import { isNullish, truthy } from '../values.ts'
import { computed, named } from './arguments.ts'
import { parseDate } from './date-parts.ts'

function refused(value: Value, to: string): never {
  return fail(
    'ConversionFailure',
    `Unsupported conversion from ${typeName(value)} to ${to} in $convert with no onError value`,
  )
}

function outOfRange(value: Value): never {
  return fail(
    'ConversionFailure',
    `Conversion would overflow target type in $convert with no onError value: ${String(value)}`,
  )
}

function numberFromText(text: string, to: string): number {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) && !/^[+-]?(infinity|inf|nan)$/i.test(text))
    fail(
      'ConversionFailure',
      `Failed to parse number '${text}' in $convert with no onError value: Did not consume whole string. (${to})`,
    )
  return /inf/i.test(text)
    ? text.startsWith('-')
      ? Number.NEGATIVE_INFINITY
      : Number.POSITIVE_INFINITY
    : Number(text)
}

function whole(value: Value, to: string): bigint {
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (value instanceof Date) return BigInt(value.getTime())
  if (typeof value === 'string')
    return /^[+-]?\d+$/.test(value)
      ? BigInt(value)
      : fail(
          'ConversionFailure',
          `Failed to parse number '${value}' in $convert with no onError value: Did not consume whole string.`,
        )
  if (!isNumeric(value)) return refused(value, to)
  if (typeof value !== 'bigint' && !Number.isFinite(toDouble(value)))
    fail(
      'ConversionFailure',
      `Attempt to convert ${toDouble(value)} value to integer type in $convert with no onError value`,
    )
  return toBigInt(value)
}

function toText(value: Value): string {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return String(value)
  if (value instanceof Int32) return String(value.value)
  if (value instanceof Decimal128) return value.toString()
  if (value instanceof ObjectId) return value.toHexString()
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Binary)
    return value.sub_type === Binary.SUBTYPE_UUID
      ? value.toUUID().toHexString()
      : Buffer.from(value.value()).toString('base64')
  return refused(value, 'string')
}

const converters: Record<string, (value: Value) => Value> = {
  string: toText,
  bool: (value) => truthy(value) || value === '',
  int: (value) => {
    if (value instanceof Date) return refused(value, 'int')
    const result = whole(value, 'int')
    return result >= -2147483648n && result <= 2147483647n ? new Int32(Number(result)) : outOfRange(value)
  },
  long: (value) => {
    const result = whole(value, 'long')
    return fitsLong(result) ? result : outOfRange(value)
  },
  double: (value) => {
    if (typeof value === 'boolean') return value ? 1 : 0
    if (value instanceof Date) return value.getTime()
    if (typeof value === 'string') return numberFromText(value, 'double')
    return isNumeric(value) ? toDouble(value) : refused(value, 'double')
  },
  decimal: (value) => {
    if (typeof value === 'boolean') return toDecimal(new Int32(value ? 1 : 0))
    if (value instanceof Date) return toDecimal(BigInt(value.getTime()))
    if (typeof value === 'string') {
      numberFromText(value, 'decimal')
      return Decimal128.fromString(value)
    }
    return isNumeric(value) ? toDecimal(value) : refused(value, 'decimal')
  },
  date: (value) => {
    if (value instanceof Date) return value
    if (value instanceof ObjectId) return value.getTimestamp()
    if (value instanceof Timestamp) return new Date(value.t * 1000)
    if (typeof value === 'string') return parseDate(value, '$toDate')
    return isNumeric(value) && typeOf(value) !== T.int
      ? new Date(Number(toBigInt(value)))
      : refused(value, 'date')
  },
  objectId: (value) => {
    if (value instanceof ObjectId) return value
    if (typeof value !== 'string') return refused(value, 'objectId')
    return /^[0-9a-f]{24}$/i.test(value)
      ? new ObjectId(value)
      : fail(
          'ConversionFailure',
          `Failed to parse objectId '${value}' in $convert with no onError value: Invalid string length for parsing to OID, expected 24 but found ${value.length}`,
        )
  },
  binData: (value) => (value instanceof Binary ? value : refused(value, 'binData')),
}

function convert(value: Value, to: string): Value {
  if (nameOfType(typeOf(value)) === to && to !== 'bool') return value
  const converter = Object.hasOwn(converters, to) ? converters[to] : undefined
  return converter ? converter(value) : fail('BadValue', `Unknown type name: ${to}`)
}

const shorthand = (to: string): OperatorFactory =>
  computed(1, 1, ([value]) => (isNullish(value) ? null : convert(value as Value, to)))

const convertOperator = named(
  ['input', 'to', 'onError', 'onNull', 'format', 'byteOrder'],
  ['input', 'to'],
  (given) => (root) => {
    const value = (given.input as Evaluate)(root)
    if (isNullish(value)) return given.onNull ? given.onNull(root) : null
    const to = (given.to as Evaluate)(root)
    if (isNullish(to)) return null
    const name = typeof to === 'string' ? to : isNumeric(to) ? nameOfType(toDouble(to)) : undefined
    if (name === undefined)
      return fail('FailedToParse', "$convert's 'to' argument must be a string or number")
    try {
      return convert(value as Value, name)
    } catch (error) {
      if (given.onError) return given.onError(root)
      throw error
    }
  },
)

const isNumberType = (value: Maybe): boolean => isNumeric(value)

export const conversionOperators: Record<string, OperatorFactory> = {
  $convert: convertOperator,
  $toString: shorthand('string'),
  $toBool: shorthand('bool'),
  $toInt: shorthand('int'),
  $toLong: shorthand('long'),
  $toDouble: shorthand('double'),
  $toDecimal: shorthand('decimal'),
  $toDate: shorthand('date'),
  $toObjectId: shorthand('objectId'),
  $type: computed(1, 1, ([value]) => typeName(value)),
  $isNumber: computed(1, 1, ([value]) => isNumberType(value)),
}
