import { Int32 } from 'bson'
import { Doc, isDoc } from '../bson/doc.ts'
import { isIntegral, isNumeric, type Numeric, toDouble } from '../bson/numeric.ts'
import { type Maybe, typeName, type Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { compareValues } from '../query/compare.ts'
import { documentOrder, parseSort } from '../query/sort.ts'
import { encodeKey } from '../storage/key-encoding.ts'
import { compileExpression, type Scope } from './expression.ts'
import { sum } from './operators/arithmetic.ts'
import { deviationOf, extremeOf } from './operators/summary.ts'
import { isNullish } from './values.ts'

/** What a group gathers of its documents. */
export type Accumulator = { add(doc: Doc): void; result(): Value }
export type AccumulatorFactory = () => Accumulator

type Build = (operand: Value, scope: Scope) => AccumulatorFactory

/** Folds the values of an expression, one for each document. */
const folding =
  <State>(
    initial: () => State,
    step: (state: State, value: Maybe) => State,
    finish: (state: State) => Value,
  ): Build =>
  (operand, scope) => {
    const evaluate = compileExpression(operand, scope)
    return () => {
      let state = initial()
      return {
        add: (doc) => {
          state = step(state, evaluate(doc))
        },
        result: () => finish(state),
      }
    }
  }

const extreme = (sign: 1 | -1): Build =>
  folding<Value>(
    () => null,
    (best, value) => (isNullish(value) ? best : extremeOf([best, value], sign)),
    (best) => best,
  )

type Average = { total: Numeric; count: number }

const average: Build = folding<Average>(
  () => ({ total: new Int32(0), count: 0 }),
  (state, value) => (isNumeric(value) ? { total: sum(state.total, value), count: state.count + 1 } : state),
  ({ total, count }) => (count ? toDouble(total) / count : null),
)

const collecting = (finish: (values: Value[]) => Value): Build =>
  folding<Value[]>(
    () => [],
    (values, value) => {
      if (value !== undefined) values.push(value)
      return values
    },
    finish,
  )

const addToSet: Build = folding<Map<string, Value>>(
  () => new Map(),
  (found, value) => {
    if (value !== undefined) {
      const key = encodeKey([value]).toString('latin1')
      if (!found.has(key)) found.set(key, value)
    }
    return found
  },
  (found) => [...found.values()],
)

const mergeObjects: Build = folding<Map<string, Value>>(
  () => new Map(),
  (fields, value) => {
    if (isNullish(value)) return fields
    if (!isDoc(value))
      return fail(40400, `$mergeObjects requires object inputs, but input is of type ${typeName(value)}`)
    for (const [key, inner] of value.entries()) fields.set(key, inner)
    return fields
  },
  (fields) => new Doc(fields),
)

function countArgument(operand: Doc, scope: Scope, name: string): number {
  const given = operand.get('n')
  const value = given === undefined ? undefined : compileExpression(given, scope)(Doc.of({}))
  if (!isIntegral(value) || toDouble(value) <= 0)
    return fail(5787908, `'n' must be greater than 0, found in ${name}`)
  return toDouble(value)
}

const several =
  (name: string, pick: (values: Value[], count: number) => Value[]): Build =>
  (operand, scope) => {
    if (!isDoc(operand) || !operand.has('input'))
      return fail(5787801, `specification must be an object with 'n' and 'input' in ${name}`)
    const count = countArgument(operand, scope, name)
    return collectingNulls((values) => pick(values, count))(operand.get('input') as Value, scope)
  }

const collectingNulls = (finish: (values: Value[]) => Value): Build =>
  folding<Value[]>(
    () => [],
    (values, value) => {
      values.push(value ?? null)
      return values
    },
    finish,
  )

const ranked =
  (name: string, fromTop: boolean, single: boolean): Build =>
  (operand, scope) => {
    const sortBy = isDoc(operand) ? operand.get('sortBy') : undefined
    const output = isDoc(operand) ? operand.get('output') : undefined
    if (!isDoc(operand) || !isDoc(sortBy) || output === undefined)
      return fail(5788001, `${name} requires 'sortBy' and 'output'`)
    const count = single ? 1 : countArgument(operand, scope, name)
    const order = documentOrder(parseSort(sortBy), null)
    const evaluate = compileExpression(output, scope)
    return () => {
      const rows: { key: unknown; value: Value }[] = []
      return {
        add: (doc) => void rows.push({ key: order.keyOf(doc), value: evaluate(doc) ?? null }),
        result() {
          rows.sort((a, b) => order.compare(a.key, b.key))
          const kept = fromTop ? rows.slice(0, count) : rows.slice(-count)
          return single ? (kept[0]?.value ?? null) : kept.map(({ value }) => value)
        },
      }
    }
  }

const count: Build = (operand) => {
  if (!isDoc(operand) || operand.size) fail('TypeMismatch', '$count takes no arguments, i.e. $count:{}')
  return () => {
    let total = 0
    return { add: () => void total++, result: () => new Int32(total) }
  }
}

const present = (values: Value[]): Value[] => values.filter((value) => !isNullish(value))

const builders: Record<string, Build> = {
  $sum: folding<Numeric>(
    () => new Int32(0),
    (total, value) => (isNumeric(value) ? sum(total, value) : total),
    (total) => total,
  ),
  $avg: average,
  $min: extreme(-1),
  $max: extreme(1),
  $first: folding<{ value: Value } | null>(
    () => null,
    (first, value) => first ?? { value: value ?? null },
    (first) => first?.value ?? null,
  ),
  $last: folding<Value>(
    () => null,
    (_, value) => value ?? null,
    (last) => last,
  ),
  $push: collecting((values) => values),
  $addToSet: addToSet,
  $mergeObjects: mergeObjects,
  $count: count,
  $stdDevPop: collecting((values) => deviationOf(values, false)),
  $stdDevSamp: collecting((values) => deviationOf(values, true)),
  $firstN: several('$firstN', (values, n) => values.slice(0, n)),
  $lastN: several('$lastN', (values, n) => values.slice(-n)),
  $minN: several('$minN', (values, n) =>
    present(values)
      .sort((a, b) => compareValues(a, b))
      .slice(0, n),
  ),
  $maxN: several('$maxN', (values, n) =>
    present(values)
      .sort((a, b) => compareValues(b, a))
      .slice(0, n),
  ),
  $top: ranked('$top', true, true),
  $bottom: ranked('$bottom', false, true),
  $topN: ranked('$topN', true, false),
  $bottomN: ranked('$bottomN', false, false),
}

/** Compiles one field of a `$group`. */
export function compileAccumulator(field: string, spec: Value, scope: Scope): AccumulatorFactory {
  if (field.includes('.')) fail(40235, `The field name '${field}' cannot contain '.'`)
  if (field.startsWith('$')) fail(40236, `The field name '${field}' cannot be an operator name`)
  if (!isDoc(spec) || spec.size === 0 || !spec.firstKey()?.startsWith('$'))
    return fail(40234, `The field '${field}' must be an accumulator object`)
  if (spec.size !== 1) fail(40238, `The field '${field}' must specify one accumulator`)
  const name = spec.firstKey() as string
  const build = Object.hasOwn(builders, name) ? builders[name] : undefined
  return build ? build(spec.get(name) as Value, scope) : fail(15952, `unknown group operator '${name}'`)
}
