import { Decimal128, Int32 } from 'bson'
import { type Maybe, T, typeOf, type Value } from './value.ts'

export type Numeric = number | Int32 | bigint | Decimal128

export function isNumeric(value: Maybe): value is Numeric {
  if (typeof value === 'number' || typeof value === 'bigint') return true
  return value instanceof Int32 || value instanceof Decimal128
}

/** A decimal as coefficient times ten to the exponent, or as what is no number. */
type Parts =
  | { kind: 'finite'; coefficient: bigint; exponent: number }
  | { kind: 'nan' }
  | { kind: 'infinite'; sign: 1 | -1 }

export function decimalParts(value: Decimal128): Parts {
  const text = value.toString()
  if (text === 'NaN') return { kind: 'nan' }
  if (text.endsWith('Infinity')) return { kind: 'infinite', sign: text.startsWith('-') ? -1 : 1 }
  const [mantissa = '0', exponent = '0'] = text.split('E')
  const [whole = '0', fraction = ''] = mantissa.split('.')
  return {
    kind: 'finite',
    coefficient: BigInt(whole + fraction),
    exponent: Number(exponent) - fraction.length,
  }
}

/** A fraction of integers, exactly the number; for what is finite. */
export type Rational = { over: bigint; under: bigint }

export function rationalOfDouble(value: number): Rational {
  let under = 1n
  let scaled = value
  while (!Number.isInteger(scaled)) {
    scaled *= 2
    under *= 2n
  }
  return { over: BigInt(scaled), under }
}

function rationalOf(value: Numeric): Rational {
  if (typeof value === 'bigint') return { over: value, under: 1n }
  if (typeof value === 'number') return rationalOfDouble(value)
  if (value instanceof Int32) return { over: BigInt(value.value), under: 1n }
  const parts = decimalParts(value)
  if (parts.kind !== 'finite') return { over: 0n, under: 1n }
  const { coefficient, exponent } = parts
  return exponent >= 0
    ? { over: coefficient * 10n ** BigInt(exponent), under: 1n }
    : { over: coefficient, under: 10n ** BigInt(-exponent) }
}

export { rationalOf }

/** The nearest double. */
export function toDouble(value: Numeric): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Int32) return value.value
  return Number(value.toString())
}

/** -2 for NaN, which sorts before every number; else -1 or 1 for an infinity, 0 for what is finite. */
function rank(value: Numeric): number {
  if (typeof value === 'bigint' || value instanceof Int32) return 0
  const double = typeof value === 'number' ? value : toDouble(value)
  if (Number.isNaN(double)) return -2
  if (Number.isFinite(double)) return 0
  if (value instanceof Decimal128 && decimalParts(value).kind === 'finite') return 0
  return double > 0 ? 1 : -1
}

function compareExactly(a: Numeric, b: Numeric): number {
  const [rankA, rankB] = [rank(a), rank(b)]
  if (rankA !== 0 || rankB !== 0) return Math.sign(rankA - rankB)
  const [x, y] = [rationalOf(a), rationalOf(b)]
  const [left, right] = [x.over * y.under, y.over * x.under]
  return left < right ? -1 : left > right ? 1 : 0
}

/** By value whatever the type, exactly; NaN equals itself and is less than every number. */
export function compareNumbers(a: Numeric, b: Numeric): number {
  const x = a instanceof Int32 ? a.value : a
  const y = b instanceof Int32 ? b.value : b
  if (typeof x === 'object' || typeof y === 'object') return compareExactly(a, b)
  if (x < y) return -1
  if (x > y) return 1
  if (x === y || (typeof x === 'bigint' && typeof y === 'bigint')) return 0
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint never === a number, and == compares them exactly
  if (x == y) return 0
  const [nanX, nanY] = [Number.isNaN(x), Number.isNaN(y)]
  return nanX === nanY ? 0 : nanX ? -1 : 1
}

const maxLong = (1n << 63n) - 1n
const minLong = -(1n << 63n)
export const fitsLong = (value: bigint): boolean => value >= minLong && value <= maxLong
const fitsInt = (value: number): boolean => value >= -2147483648 && value <= 2147483647

/** An integer in the narrowest BSON type that holds it; null beyond 64 bits. */
function integer(value: bigint, atLeast: number): Numeric | null {
  if (!fitsLong(value)) return null
  return atLeast === T.int && value >= -2147483648n && value <= 2147483647n ? new Int32(Number(value)) : value
}

export function toBigInt(value: Numeric): bigint {
  if (typeof value === 'bigint') return value
  if (value instanceof Int32) return BigInt(value.value)
  return BigInt(Math.trunc(toDouble(value)))
}

/** Rounded half-even to the 34 digits that a decimal holds. */
export function decimalFrom(coefficient: bigint, exponent: number): Decimal128 {
  let [digits, power] = [coefficient, exponent]
  const length = (digits < 0n ? -digits : digits).toString().length
  if (length > 34) {
    const cut = 10n ** BigInt(length - 34)
    const rest = digits % cut
    const twice = (rest < 0n ? -rest : rest) * 2n
    let kept = digits / cut
    if (twice > cut || (twice === cut && kept % 2n !== 0n)) kept += digits < 0n ? -1n : 1n
    digits = kept
    power += length - 34
  }
  return Decimal128.fromString(`${digits}E${power}`)
}

export function toDecimal(value: Numeric): Decimal128 {
  if (value instanceof Decimal128) return value
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return Decimal128.fromString('NaN')
    if (!Number.isFinite(value)) return Decimal128.fromString(value > 0 ? 'Infinity' : '-Infinity')
    // The server keeps the 15 digits that every double holds exactly.
    return Decimal128.fromString(
      Number.isInteger(value) && Math.abs(value) < 1e15 ? String(value) : value.toPrecision(15),
    )
  }
  return Decimal128.fromString(String(value instanceof Int32 ? value.value : value))
}

function decimalResult(
  a: Numeric,
  b: Numeric,
  onDoubles: (x: number, y: number) => number,
  exact: (x: Finite, y: Finite) => Decimal128,
): Decimal128 {
  const x = decimalParts(toDecimal(a))
  const y = decimalParts(toDecimal(b))
  if (x.kind === 'finite' && y.kind === 'finite') return exact(x, y)
  const result = onDoubles(toDouble(a), toDouble(b))
  return toDecimal(result)
}
type Finite = Extract<Parts, { kind: 'finite' }>

function addDecimals(x: Finite, y: Finite): Decimal128 {
  const exponent = Math.min(x.exponent, y.exponent)
  const scaled = (part: Finite) => part.coefficient * 10n ** BigInt(part.exponent - exponent)
  return decimalFrom(scaled(x) + scaled(y), exponent)
}

const widest = (a: Numeric, b: Numeric): number => {
  const types = [typeOf(a as Value), typeOf(b as Value)]
  for (const type of [T.decimal, T.double, T.long]) if (types.includes(type)) return type
  return T.int
}

/** The sum in the wider of both types; null when it does not fit a long. */
export function add(a: Numeric, b: Numeric): Numeric | null {
  if (a instanceof Int32 && b instanceof Int32) {
    const sum = a.value + b.value
    return fitsInt(sum) ? new Int32(sum) : BigInt(sum)
  }
  const type = widest(a, b)
  if (type === T.decimal) return decimalResult(a, b, (x, y) => x + y, addDecimals)
  if (type === T.double) return toDouble(a) + toDouble(b)
  return integer(toBigInt(a) + toBigInt(b), type)
}

/** The product in the wider of both types; null when it does not fit a long. */
export function multiply(a: Numeric, b: Numeric): Numeric | null {
  const type = widest(a, b)
  if (type === T.decimal) {
    return decimalResult(
      a,
      b,
      (x, y) => x * y,
      (x, y) => decimalFrom(x.coefficient * y.coefficient, x.exponent + y.exponent),
    )
  }
  if (type === T.double) return toDouble(a) * toDouble(b)
  return integer(toBigInt(a) * toBigInt(b), type)
}

export function negate(value: Numeric): Numeric {
  if (typeof value === 'number') return -value
  return multiply(value, new Int32(-1)) ?? -toDouble(value)
}

/** Whole and within 64 bits, whatever the type. */
export function isIntegral(value: Maybe): value is Numeric {
  if (!isNumeric(value)) return false
  if (typeof value === 'bigint' || value instanceof Int32) return true
  return Number.isInteger(toDouble(value)) && Math.abs(toDouble(value)) < 2 ** 63
}

/** A whole number as an int where it fits, else as a long. */
export function wholeNumber(value: number): Int32 | bigint {
  return fitsInt(value) ? new Int32(value) : BigInt(value)
}
