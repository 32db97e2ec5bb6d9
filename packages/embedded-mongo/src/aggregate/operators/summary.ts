import { Int32 } from 'bson'
import { isNumeric, type Numeric, toDouble } from '../../bson/numeric.ts'
import type { Maybe, Value } from '../../bson/value.ts'
import { compareValues } from '../../query/compare.ts'
import type { OperatorFactory } from '../scope.ts'
import { isNullish } from '../values.ts'
import { operandsOf } from './arguments.ts'
import { sum } from './arithmetic.ts'

/** The sum of the numbers among values; 0 of none. */
export function sumOf(values: readonly Maybe[]): Numeric {
  let total: Numeric = new Int32(0)
  for (const value of values) if (isNumeric(value)) total = sum(total, value)
  return total
}

export function averageOf(values: readonly Maybe[]): Value {
  const numbers = values.filter(isNumeric)
  return numbers.length ? toDouble(sumOf(numbers)) / numbers.length : null
}

export function extremeOf(values: readonly Maybe[], sign: 1 | -1): Value {
  let best: Maybe
  for (const value of values) {
    if (isNullish(value)) continue
    if (best === undefined || compareValues(value, best) * sign > 0) best = value
  }
  return best ?? null
}

/** The standard deviation; of a sample it needs two numbers, of a population one. */
export function deviationOf(values: readonly Maybe[], isSample: boolean): Value {
  const numbers = values.filter(isNumeric).map(toDouble)
  const by = numbers.length - (isSample ? 1 : 0)
  if (by <= 0) return null
  const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length
  return Math.sqrt(numbers.reduce((total, number) => total + (number - mean) ** 2, 0) / by)
}

/** Of several operands, or of the elements of the one that is an array. */
const over =
  (compute: (values: Maybe[]) => Value): OperatorFactory =>
  (operand, scope, compile) => {
    const parts = operandsOf(operand).map((part) => compile(part, scope))
    return (root) => {
      const values = parts.map((evaluate) => evaluate(root))
      return compute(values.length === 1 && Array.isArray(values[0]) ? values[0] : values)
    }
  }

export const summaryOperators: Record<string, OperatorFactory> = {
  $sum: over(sumOf),
  $avg: over(averageOf),
  $min: over((values) => extremeOf(values, -1)),
  $max: over((values) => extremeOf(values, 1)),
  $stdDevPop: over((values) => deviationOf(values, false)),
  $stdDevSamp: over((values) => deviationOf(values, true)),
}
