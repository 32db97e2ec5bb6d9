import { Decimal128, Int32 } from 'bson'
import {
  add,
  compareNumbers,
  isNumeric,
  multiply,
  type Numeric,
  negate,
  toBigInt,
  toDecimal,
  toDouble,
} from '../../bson/numeric.ts'
import { type Maybe, T, typeName, typeOf, type Value } from '../../bson/value.ts'
import { fail } from '../../errors.ts'
import type { OperatorFactory } from '../scope.ts'
import { isNullish } from '../values.ts'
import { computed, nullable, numberOr } from './arguments.ts'

/** The sum; beyond 64 bits a double, as expressions do where `$inc` refuses. */
export function sum(a: Numeric, b: Numeric): Numeric {
  return add(a, b) ?? toDouble(a) + toDouble(b)
}

const product = (a: Numeric, b: Numeric): Numeric => multiply(a, b) ?? toDouble(a) * toDouble(b)

function addAll(values: Maybe[], name: string): Maybe {
  let total: Numeric = new Int32(0)
  let date: Date | null = null
  for (const value of values) {
    if (isNullish(value)) return null
    if (value instanceof Date) {
      if (date) fail(16612, 'only one date allowed in an $add expression')
      date = value
    } else if (isNumeric(value)) total = sum(total, value)
    else fail('TypeMismatch', `${name} only supports numeric or date types, not ${typeName(value)}`)
  }
  return date ? new Date(date.getTime() + Math.round(toDouble(total))) : total
}

function subtract([a, b]: Value[]): Value {
  if (a instanceof Date) {
    if (b instanceof Date) return BigInt(a.getTime() - b.getTime())
    if (isNumeric(b)) return new Date(a.getTime() - Math.trunc(toDouble(b)))
  }
  if (isNumeric(a) && isNumeric(b)) return sum(a, negate(b))
  return fail('TypeMismatch', `can't $subtract ${typeName(b)} from ${typeName(a)}`)
}

function divide([a, b]: Value[]): Value {
  if (!isNumeric(a) || !isNumeric(b))
    return fail('TypeMismatch', `$divide only supports numeric types, not ${typeName(a)} and ${typeName(b)}`)
  if (toDouble(b) === 0) fail('BadValue', "can't $divide by zero")
  if (a instanceof Decimal128 || b instanceof Decimal128) return toDecimal(toDouble(a) / toDouble(b))
  return toDouble(a) / toDouble(b)
}

const isWhole = (value: Value): boolean => typeOf(value) === T.int || typeOf(value) === T.long

function modulo([a, b]: Value[]): Value {
  if (!isNumeric(a) || !isNumeric(b))
    return fail('TypeMismatch', `$mod only supports numeric types, not ${typeName(a)} and ${typeName(b)}`)
  if (toDouble(b) === 0) fail(16610, "can't $mod by zero")
  if (!isWhole(a) || !isWhole(b)) {
    const rest = toDouble(a) % toDouble(b)
    return a instanceof Decimal128 || b instanceof Decimal128 ? toDecimal(rest) : rest
  }
  const rest = toBigInt(a) % toBigInt(b)
  return a instanceof Int32 && b instanceof Int32 ? new Int32(Number(rest)) : rest
}

/** A function of one number that keeps whole numbers as they are, or gives a double. */
const onDouble = (compute: (value: number) => number): OperatorFactory =>
  nullable(1, 1, ([value], name) => {
    const number = numberOr(value, name)
    const result = compute(toDouble(number))
    return number instanceof Decimal128 ? toDecimal(result) : result
  })

const rounding = (compute: (value: number) => number): OperatorFactory =>
  nullable(1, 1, ([value], name) => {
    const number = numberOr(value, name)
    if (isWhole(number)) return number
    const result = compute(toDouble(number))
    return number instanceof Decimal128 ? toDecimal(result) : result
  })

function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

const toPlace = (rule: (value: number) => number): OperatorFactory =>
  nullable(1, 2, ([value, place = new Int32(0)], name) => {
    const number = numberOr(value, name)
    const digits = toDouble(numberOr(place, name))
    if (!Number.isInteger(digits) || digits < -20 || digits > 100)
      fail(51083, `cannot apply ${name} with precision value ${digits} value must be in [-20, 100]`)
    if (isWhole(number)) {
      if (digits >= 0) return number
      const scaled = rule(toDouble(number) * 10 ** digits) * 10 ** -digits
      return number instanceof Int32 && Math.abs(scaled) < 2 ** 31 ? new Int32(scaled) : BigInt(scaled)
    }
    const scaled = Number(`${rule(Number(`${toDouble(number)}e${digits}`))}e${-digits}`)
    const result = Number.isNaN(scaled) ? toDouble(number) : scaled
    return number instanceof Decimal128 ? toDecimal(result) : result
  })

function absolute([value]: Value[], name: string): Value {
  const number = numberOr(value, name)
  return compareNumbers(number, new Int32(0)) < 0 ? negate(number) : number
}

function power([base, exponent]: Value[], name: string): Value {
  const [a, b] = [numberOr(base, name), numberOr(exponent, name)]
  if (toDouble(a) === 0 && toDouble(b) < 0)
    fail(28764, '$pow cannot take a base of 0 and a negative exponent')
  const result = toDouble(a) ** toDouble(b)
  if (a instanceof Decimal128 || b instanceof Decimal128) return toDecimal(result)
  if (!isWhole(a) || !isWhole(b) || toDouble(b) < 0 || Math.abs(result) >= 2 ** 63) return result
  const exact = toBigInt(a) ** toBigInt(b)
  return a instanceof Int32 && b instanceof Int32 && exact >= -(2n ** 31n) && exact < 2n ** 31n
    ? new Int32(Number(exact))
    : exact
}

const bitwise = (identity: bigint, combine: (a: bigint, b: bigint) => bigint): OperatorFactory =>
  nullable(0, 100, (values, name) => {
    let result = identity
    for (const value of values) {
      if (!isWhole(value)) fail('TypeMismatch', `${name} only supports int and long operands.`)
      result = combine(result, toBigInt(value as Numeric))
    }
    return values.every((value) => value instanceof Int32) ? new Int32(Number(result)) : result
  })

const logarithm = (compute: (value: number) => number): OperatorFactory =>
  nullable(1, 1, ([value], name) => {
    const number = toDouble(numberOr(value, name))
    if (number <= 0) fail(28766, `${name}'s argument must be a positive number, but is ${number}`)
    return compute(number)
  })

export const arithmeticOperators: Record<string, OperatorFactory> = {
  $add: computed(0, Number.POSITIVE_INFINITY, addAll),
  $subtract: nullable(2, 2, subtract),
  $multiply: nullable(0, Number.POSITIVE_INFINITY, (values, name) =>
    values.reduce<Numeric>((a, b) => product(a, numberOr(b, name)), new Int32(1)),
  ),
  $divide: nullable(2, 2, divide),
  $mod: nullable(2, 2, modulo),
  $abs: nullable(1, 1, absolute),
  $ceil: rounding(Math.ceil),
  $floor: rounding(Math.floor),
  $round: toPlace(roundHalfEven),
  $trunc: toPlace(Math.trunc),
  $sqrt: nullable(1, 1, ([value], name) => {
    const number = toDouble(numberOr(value, name))
    return number < 0 ? fail(28714, `$sqrt's argument must be greater than or equal to 0`) : Math.sqrt(number)
  }),
  $exp: onDouble(Math.exp),
  $ln: logarithm(Math.log),
  $log10: logarithm(Math.log10),
  $log: nullable(
    2,
    2,
    ([value, base], name) =>
      Math.log(toDouble(numberOr(value, name))) / Math.log(toDouble(numberOr(base, name))),
  ),
  $pow: nullable(2, 2, power),
  $bitAnd: bitwise(-1n, (a, b) => a & b),
  $bitOr: bitwise(0n, (a, b) => a | b),
  $bitXor: bitwise(0n, (a, b) => a ^ b),
  $bitNot: nullable(1, 1, ([value], name) => {
    if (value instanceof Int32) return new Int32(~value.value)
    return typeof value === 'bigint'
      ? ~value
      : fail('TypeMismatch', `${name} only supports int and long, not: ${typeName(value)}.`)
  }),
}
