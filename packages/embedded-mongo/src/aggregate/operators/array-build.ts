import { Int32 } from 'bson'
import { Doc, isDoc } from '../../bson/doc.ts'
import { typeName, type Value } from '../../bson/value.ts'
import { fail } from '../../errors.ts'
import { compareValues } from '../../query/compare.ts'
import type { Evaluate, OperatorFactory } from '../scope.ts'
import { isNullish, truthy } from '../values.ts'
import { arrayOr, named, nullable, wholeOr } from './arguments.ts'

const rangeMax = 10_000_000

function range(values: Value[], name: string): Value {
  const [start = 0, end = 0, step = 1] = values.map((value) => wholeOr(value, name))
  if (step === 0) fail(34449, '$range requires a non-zero step value')
  if ((end - start) / step > rangeMax) fail('ExceededMemoryLimit', '$range would use too much memory')
  const numbers: Value[] = []
  for (let i = start; step > 0 ? i < end : i > end; i += step) numbers.push(new Int32(i))
  return numbers
}

function asPair(entry: Value): [string, Value] {
  if (Array.isArray(entry)) {
    const [key, value] = entry
    if (entry.length !== 2) return fail(40397, '$arrayToObject requires an array of size 2 arrays')
    return typeof key === 'string'
      ? [key, value as Value]
      : fail(
          40395,
          '$arrayToObject requires an array of key-value pairs, where the key must be of type string',
        )
  }
  if (!isDoc(entry))
    return fail(40398, `Unrecognised input type format for $arrayToObject: ${typeName(entry)}`)
  const [key, value] = [entry.get('k'), entry.get('v')]
  if (typeof key !== 'string')
    return fail(
      40394,
      "$arrayToObject requires an object with keys 'k' and 'v', where the value of 'k' must be of type string",
    )
  return value === undefined
    ? fail(40393, "$arrayToObject requires an object with keys 'k' and 'v'")
    : [key, value]
}

const arrayToObject = nullable(1, 1, ([value], name) => {
  const result = new Map<string, Value>()
  for (const entry of arrayOr(value, name, 40386)) {
    const [key, inner] = asPair(entry)
    result.set(key, inner)
  }
  return new Doc(result)
})

const objectToArray = nullable(1, 1, ([value]) => {
  if (!isDoc(value)) return fail(40390, `$objectToArray requires a document input, found: ${typeName(value)}`)
  return [...value.entries()].map(([k, v]) => Doc.of({ k, v }))
})

const zip = named(['inputs', 'useLongestLength', 'defaults'], ['inputs'], (given, raw) => {
  const longest = truthy(raw.get('useLongestLength'))
  return (root) => {
    const inputs = arrayOr((given.inputs as Evaluate)(root), '$zip', 34461)
    if (inputs.some(isNullish)) return null
    const lists = inputs.map((input) => arrayOr(input, '$zip', 34468))
    const defaults = given.defaults?.(root)
    const lengths = lists.map(({ length }) => length)
    const length = longest ? Math.max(0, ...lengths) : Math.min(...lengths)
    return Array.from({ length }, (_, i) =>
      lists.map((list, j) => list[i] ?? (Array.isArray(defaults) ? (defaults[j] ?? null) : null)),
    )
  }
})

function countOf(value: Value | undefined | null, name: string): number {
  const count = wholeOr(value ?? undefined, name)
  return count > 0 ? count : fail(5787908, `'n' must be greater than 0, found ${count}`)
}

const someOf = (take: (values: Value[], count: number) => Value[]): OperatorFactory =>
  named(['n', 'input'], ['n', 'input'], (given) => (root) => {
    const values = arrayOr((given.input as Evaluate)(root), '$firstN', 5788200)
    return take(values, countOf((given.n as Evaluate)(root), 'n'))
  })

const present = (values: Value[]): Value[] => values.filter((value) => !isNullish(value))

export const arrayBuilders: Record<string, OperatorFactory> = {
  $concatArrays: nullable(0, Number.POSITIVE_INFINITY, (values) =>
    values.flatMap((value) =>
      Array.isArray(value)
        ? value
        : fail(28664, `$concatArrays only supports arrays, not ${typeName(value)}`),
    ),
  ),
  $range: nullable(2, 3, range),
  $arrayToObject: arrayToObject,
  $objectToArray: objectToArray,
  $zip: zip,
  $firstN: someOf((values, count) => values.slice(0, count)),
  $lastN: someOf((values, count) => values.slice(-count)),
  $minN: someOf((values, count) =>
    present(values)
      .sort((a, b) => compareValues(a, b))
      .slice(0, count),
  ),
  $maxN: someOf((values, count) =>
    present(values)
      .sort((a, b) => compareValues(b, a))
      .slice(0, count),
  ),
}
