import { Int32 } from 'bson'
import { isDoc } from '../../bson/doc.ts'
import { isIntegral, isNumeric, toDouble } from '../../bson/numeric.ts'
import { type Maybe, typeName, type Value } from '../../bson/value.ts'
import { fail } from '../../errors.ts'
import { compareValues, equals } from '../../query/compare.ts'
import { valueAtPath } from '../../query/paths.ts'
import { type Evaluate, type OperatorFactory, withVariable } from '../scope.ts'
import { isNullish, truthy } from '../values.ts'
import { arrayOr, computed, named, nullable, wholeOr } from './arguments.ts'

const int = (value: number): Int32 => new Int32(value)

function elementAt([array, index]: Value[], name: string): Maybe {
  const values = arrayOr(array, name, 28689)
  if (!isNumeric(index))
    return fail(28690, `$arrayElemAt's second argument must be a numeric value, but is ${typeName(index)}`)
  if (!isIntegral(index))
    return fail(28691, `$arrayElemAt's second argument must be representable as a 32-bit integer`)
  const at = toDouble(index)
  return values[at < 0 ? values.length + at : at]
}

function slice(values: Value[], name: string): Value {
  const array = arrayOr(values[0], name, 28724)
  const [a, b] = values.slice(1).map((value) => wholeOr(value, name))
  if (b === undefined) return (a as number) < 0 ? array.slice(a) : array.slice(0, a)
  if (b <= 0) fail(28729, `Third argument to $slice must be positive: ${b}`)
  const start = (a as number) < 0 ? Math.max(0, array.length + (a as number)) : (a as number)
  return array.slice(start, start + b)
}

/** `as` names the variable that stands for the element. */
function elementName(raw: Value | undefined, fallback: string): string {
  if (raw === undefined) return fallback
  return typeof raw === 'string' ? raw : fail('TypeMismatch', "the variable named by 'as' must be a string")
}

const map: OperatorFactory = (operand, scope, compile) => {
  if (!isDoc(operand)) return fail(16878, '$map only supports an object as its argument')
  const [input, body] = [operand.get('input'), operand.get('in')]
  if (input === undefined) return fail(16880, "Missing 'input' parameter to $map")
  if (body === undefined) return fail(16882, "Missing 'in' parameter to $map")
  const inner = withVariable(scope, elementName(operand.get('as'), 'this'))
  const [source, each] = [compile(input, scope), compile(body, inner.scope)]
  return (root) => {
    const values = source(root)
    if (isNullish(values)) return null
    if (!Array.isArray(values)) return fail(16883, `input to $map must be an array not ${typeName(values)}`)
    return values.map((value) => {
      inner.slot.value = value
      return each(root) ?? null
    })
  }
}

const filter: OperatorFactory = (operand, scope, compile) => {
  if (!isDoc(operand)) return fail(28646, '$filter only supports an object as its argument')
  const [input, condition, limit] = [operand.get('input'), operand.get('cond'), operand.get('limit')]
  if (input === undefined) return fail(28648, "Missing 'input' parameter to $filter")
  if (condition === undefined) return fail(28650, "Missing 'cond' parameter to $filter")
  const inner = withVariable(scope, elementName(operand.get('as'), 'this'))
  const [source, accepts] = [compile(input, scope), compile(condition, inner.scope)]
  const most = limit === undefined ? null : compile(limit, scope)
  return (root) => {
    const values = source(root)
    if (isNullish(values)) return null
    if (!Array.isArray(values))
      return fail(28651, `input to $filter must be an array not ${typeName(values)}`)
    const max = most
      ? toDouble((most(root) as number | undefined) ?? Number.POSITIVE_INFINITY)
      : Number.POSITIVE_INFINITY
    const kept: Value[] = []
    for (const value of values) {
      if (kept.length >= max) break
      inner.slot.value = value
      if (truthy(accepts(root))) kept.push(value)
    }
    return kept
  }
}

const reduce: OperatorFactory = (operand, scope, compile) => {
  if (!isDoc(operand)) return fail(40075, '$reduce requires an object as an argument')
  const parts = ['input', 'initialValue', 'in'].map((key) => operand.get(key))
  if (parts.includes(undefined))
    return fail(40077, "$reduce requires 'input', 'initialValue' and 'in' to be specified")
  const value = withVariable(scope, 'value')
  const current = withVariable(value.scope, 'this')
  const source = compile(parts[0] as Value, scope)
  const initial = compile(parts[1] as Value, scope)
  const step = compile(parts[2] as Value, current.scope)
  return (root) => {
    const values = source(root)
    if (isNullish(values)) return null
    if (!Array.isArray(values))
      return fail(40080, `$reduce requires that 'input' be an array, found: ${typeName(values)}`)
    let result = initial(root)
    for (const element of values) {
      value.slot.value = result
      current.slot.value = element
      result = step(root)
    }
    return result
  }
}

function indexOf(values: Maybe[], name: string): Maybe {
  const [array, wanted, from, to] = values
  if (isNullish(array)) return null
  const list = arrayOr(array, name, 40090)
  const start = from === undefined ? 0 : wholeOr(from, name)
  const end = to === undefined ? list.length : Math.min(list.length, wholeOr(to, name))
  for (let i = start; i < end; i++) if (equals(list[i], wanted)) return int(i)
  return int(-1)
}

const sortArray = named(['input', 'sortBy'], ['input', 'sortBy'], (given, raw) => {
  const by = raw.get('sortBy') as Value
  const keys = isDoc(by)
    ? [...by.entries()].map(([path, way]) => ({ parts: path.split('.'), way: toDouble(way as number) }))
    : null
  const way = keys ? 1 : toDouble(by as number)
  const compare = (a: Value, b: Value): number => {
    if (!keys) return compareValues(a, b) * way
    for (const key of keys) {
      const order =
        compareValues(valueAtPath(a, key.parts) ?? null, valueAtPath(b, key.parts) ?? null) * key.way
      if (order !== 0) return order
    }
    return 0
  }
  return (root) => {
    const values = (given.input as Evaluate)(root)
    if (isNullish(values)) return null
    return arrayOr(values, '$sortArray', 2942504).toSorted(compare)
  }
})

const ends = (first: boolean): OperatorFactory =>
  computed(1, 1, ([value], name) => {
    if (isNullish(value)) return null
    const values = arrayOr(value, name, 28689)
    return first ? values[0] : values.at(-1)
  })

export const arrayOperators: Record<string, OperatorFactory> = {
  $arrayElemAt: nullable(2, 2, elementAt),
  $first: ends(true),
  $last: ends(false),
  $size: computed(1, 1, ([value]) =>
    Array.isArray(value)
      ? int(value.length)
      : fail(17124, `The argument to $size must be an array, but was of type: ${typeName(value)}`),
  ),
  $slice: nullable(2, 3, slice),
  $map: map,
  $filter: filter,
  $reduce: reduce,
  $indexOfArray: computed(2, 4, indexOf),
  $in: computed(2, 2, ([value, array]) =>
    Array.isArray(array)
      ? array.some((each) => equals(each, value))
      : fail(40081, `$in requires an array as a second argument, found: ${typeName(array)}`),
  ),
  $isArray: computed(1, 1, ([value]) => Array.isArray(value)),
  $reverseArray: nullable(1, 1, ([value], name) => arrayOr(value, name, 34435).toReversed()),
  $sortArray: sortArray,
}
