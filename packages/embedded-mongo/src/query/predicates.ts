import { Binary, BSONRegExp } from 'bson'
import { isDoc } from '../bson/doc.ts'
import { compareNumbers, isIntegral, isNumeric, type Numeric, toBigInt, toDouble } from '../bson/numeric.ts'
import { bsonUndefined, type Maybe, T, typeOf, type Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { type Collator, compareValues, rankOf } from './compare.ts'
import type { Test } from './paths.ts'
import { compileRegex, isRegex } from './regex.ts'

export function equalTo(value: Value, collator: Collator): Test {
  if (value === null) return (found) => found === undefined || found === null
  if (value === bsonUndefined) fail('BadValue', 'cannot compare to undefined')
  if (typeof value === 'string' && !collator) return (found) => found === value
  return (found) => found !== undefined && compareValues(found, value, collator) === 0
}

const accepts: Record<string, (order: number) => boolean> = {
  $gt: (order) => order > 0,
  $gte: (order) => order >= 0,
  $lt: (order) => order < 0,
  $lte: (order) => order <= 0,
}

const isNaNumber = (value: Maybe): boolean =>
  isNumeric(value) && typeof value !== 'bigint' && Number.isNaN(toDouble(value))

/** `$gt` and its like: only values of the operand's own type compare, but for MinKey and MaxKey. */
export function ordered(op: string, value: Value, collator: Collator): Test {
  if (value instanceof BSONRegExp) fail('BadValue', `Can't have RegEx as arg to predicate over field.`)
  const accept = accepts[op] as (order: number) => boolean
  const inclusive = op === '$gte' || op === '$lte'
  if (value === null) return (found) => inclusive && (found === undefined || found === null)
  const rank = rankOf(value)
  if (rank === -1 || rank === 127)
    return (found) => found !== undefined && accept(compareValues(found, value))
  if (isNumeric(value)) {
    if (isNaNumber(value)) return (found) => inclusive && isNaNumber(found)
    return (found) => isNumeric(found) && !isNaNumber(found) && accept(compareNumbers(found, value))
  }
  return (found) =>
    found !== undefined && rankOf(found) === rank && accept(compareValues(found, value, collator))
}

export function oneOf(values: Value[], collator: Collator): Test {
  const texts = new Set<Value>()
  const tests: Test[] = []
  for (const value of values) {
    if (isDoc(value) && value.firstKey()?.startsWith('$') && value.firstKey() !== '$ref')
      fail('BadValue', 'cannot nest $ under $in')
    if (isRegex(value)) tests.push(matching(compileRegex(value), value))
    else if (typeof value === 'string' && !collator) texts.add(value)
    else tests.push(equalTo(value, collator))
  }
  if (tests.length > 16) tests.splice(0, tests.length, sortedTest(values, collator))
  return (found) => (typeof found === 'string' && texts.has(found)) || tests.some((test) => test(found))
}

/** Binary search, for lists too long to try one by one. */
function sortedTest(values: Value[], collator: Collator): Test {
  const sorted = values.filter((value) => !isRegex(value)).sort((a, b) => compareValues(a, b, collator))
  const regexes = values.filter(isRegex).map((value) => matching(compileRegex(value), value))
  const hasNull = values.includes(null)
  return (found) => {
    if (found === undefined) return hasNull
    let [low, high] = [0, sorted.length - 1]
    while (low <= high) {
      const middle = (low + high) >> 1
      const order = compareValues(found, sorted[middle], collator)
      if (order === 0) return true
      if (order < 0) high = middle - 1
      else low = middle + 1
    }
    return regexes.some((test) => test(found))
  }
}

/** Text that matches, or a stored regular expression that is the same. */
export function matching(regex: RegExp, same: Value | null): Test {
  return (found) => {
    if (typeof found === 'string') return regex.test(found)
    if (found === undefined || found === null || typeof found !== 'object') return false
    if (typeOf(found) === T.symbol) return regex.test(String(found))
    return same !== null && isRegex(found) && compareValues(found, same) === 0
  }
}

export function modulo(value: Value): Test {
  if (!Array.isArray(value)) return fail('BadValue', 'malformed mod, needs to be an array')
  const [divisor, remainder] = value
  if (value.length < 2) fail('BadValue', 'malformed mod, not enough elements')
  if (value.length > 2) fail('BadValue', 'malformed mod, too many elements')
  if (!isNumeric(divisor))
    return fail('BadValue', 'malformed mod, divisor value is invalid :: caused by :: not a number')
  if (!isNumeric(remainder))
    return fail('BadValue', 'malformed mod, remainder value is invalid :: caused by :: not a number')
  const by = toBigInt(divisor)
  const rest = toBigInt(remainder)
  if (by === 0n) fail('BadValue', 'divisor cannot be 0')
  return (found) => isNumeric(found) && Number.isFinite(toDouble(found)) && toBigInt(found) % by === rest
}

function bitMask(op: string, value: Value): bigint {
  if (Array.isArray(value)) {
    let mask = 0n
    for (const position of value) {
      if (!isIntegral(position) || toDouble(position) < 0)
        fail('BadValue', `${op} takes a list of bit positions`)
      mask |= 1n << toBigInt(position as Numeric)
    }
    return mask
  }
  if (value instanceof Binary) return binaryBits(value)
  if (!isIntegral(value)) return fail('BadValue', `${op} takes an Array, a number, or a BinData`)
  if (toDouble(value) < 0) fail('BadValue', `Expected a non-negative number in: ${op}`)
  return toBigInt(value)
}

function binaryBits(value: Binary): bigint {
  const bytes = Buffer.from(value.value()).reverse()
  return bytes.length ? BigInt(`0x${bytes.toString('hex')}`) : 0n
}

/** `$bitsAllSet` and its like, over whole numbers (two's complement) and binary data. */
export function bits(op: string, value: Value): Test {
  const mask = bitMask(op, value)
  const wanted: Record<string, (set: bigint) => boolean> = {
    $bitsAllSet: (set) => set === mask,
    $bitsAnySet: (set) => set !== 0n,
    $bitsAllClear: (set) => set === 0n,
    $bitsAnyClear: (set) => set !== mask,
  }
  const accept = wanted[op] as (set: bigint) => boolean
  return (found) => {
    if (found instanceof Binary) return accept(binaryBits(found) & mask)
    return isIntegral(found) && accept(toBigInt(found) & mask)
  }
}

const typeAliases: Record<string, number[]> = {
  number: [T.double, T.int, T.long, T.decimal],
}

function typesNamed(value: Value): number[] {
  if (typeof value === 'string') {
    const alias = typeAliases[value]
    if (alias) return alias
    const type = (T as Record<string, number>)[value]
    return type === undefined ? fail('BadValue', `Unknown type name alias: ${value}`) : [type]
  }
  if (!isNumeric(value)) return fail('TypeMismatch', 'type must be represented as a number or a string')
  const number = toDouble(value)
  if (number === 0) fail('BadValue', 'Invalid numerical type code: 0. Instead use {$exists:false}.')
  if (!Object.values(T).includes(number as 1)) fail('BadValue', `Invalid numerical type code: ${number}`)
  return [number]
}

export function ofType(value: Value): Test {
  const list = Array.isArray(value) ? value : [value]
  if (list.length === 0) fail('FailedToParse', '$type must match at least one type')
  const types = new Set(list.flatMap(typesNamed))
  return (found) => found !== undefined && types.has(typeOf(found))
}

export function ofSize(value: Value): Test {
  if (!isNumeric(value)) return fail('BadValue', `Failed to parse $size. Expected a number in: $size`)
  if (!isIntegral(value)) return fail('BadValue', `Failed to parse $size. Expected an integer: $size`)
  const size = toDouble(value)
  if (size < 0) fail('BadValue', `Failed to parse $size. Expected a non-negative number in: $size: ${size}`)
  return (found) => Array.isArray(found) && found.length === size
}
