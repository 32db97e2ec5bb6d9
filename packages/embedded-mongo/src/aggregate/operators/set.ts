import type { Value } from '../../bson/value.ts'
import { encodeKey } from '../../storage/key-encoding.ts'
import type { OperatorFactory } from '../scope.ts'
import { isNullish, truthy } from '../values.ts'
import { arrayOr, computed, nullable } from './arguments.ts'

const keyOf = (value: Value): string => encodeKey([value]).toString('latin1')
const asMap = (values: Value[]): Map<string, Value> => new Map(values.map((value) => [keyOf(value), value]))

function sets(values: Value[], name: string, code: number): Map<string, Value>[] {
  return values.map((value) => asMap(arrayOr(value, name, code)))
}

const any = Number.POSITIVE_INFINITY

export const setOperators: Record<string, OperatorFactory> = {
  $setUnion: nullable(0, any, (values, name) => [
    ...asMap(values.flatMap((value) => arrayOr(value, name, 17043))).values(),
  ]),
  $setIntersection: nullable(0, any, (values, name) => {
    const [first, ...rest] = sets(values, name, 17047)
    return first
      ? [...first].filter(([key]) => rest.every((set) => set.has(key))).map(([, value]) => value)
      : []
  }),
  $setDifference: nullable(2, 2, (values, name) => {
    const [a, b] = sets(values, name, 17048) as [Map<string, Value>, Map<string, Value>]
    return [...a].filter(([key]) => !b.has(key)).map(([, value]) => value)
  }),
  $setEquals: computed(2, any, (values, name) => {
    const [first, ...rest] = sets(values as Value[], name, 17044) as [
      Map<string, Value>,
      ...Map<string, Value>[],
    ]
    return rest.every((set) => set.size === first.size && [...set.keys()].every((key) => first.has(key)))
  }),
  $setIsSubset: computed(2, 2, (values, name) => {
    const [a, b] = sets(values as Value[], name, 17046) as [Map<string, Value>, Map<string, Value>]
    return [...a.keys()].every((key) => b.has(key))
  }),
  $allElementsTrue: computed(1, 1, ([value], name) => arrayOr(value, name, 17040).every(truthy)),
  $anyElementTrue: computed(1, 1, ([value], name) =>
    arrayOr(value, name, 17041).some((each) => !isNullish(each) && truthy(each)),
  ),
}
