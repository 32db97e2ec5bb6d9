import { type Doc, isDoc } from '../bson/doc.ts'
import { isIntegral, isNumeric, toDouble } from '../bson/numeric.ts'
import { type Maybe, typeName, type Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { type Collator, compareValues } from '../query/compare.ts'
import { valueAtPath } from '../query/paths.ts'
import { shellText } from '../storage/shell-text.ts'
import type { Operator, Target, UpdateContext } from './operators.ts'

const clauses = ['$each', '$position', '$slice', '$sort']

function wholeClause(operand: Doc, name: string): number | null {
  const value = operand.get(name)
  if (value === undefined) return null
  if (!isIntegral(value))
    return fail(
      'BadValue',
      `The value for ${name} must be an integer value but was given type: ${typeName(value)}`,
    )
  return toDouble(value)
}

type Order = (a: Value, b: Value) => number

function sortClause(value: Maybe, collator: Collator): Order | null {
  if (value === undefined) return null
  if (isNumeric(value)) {
    const way = toDouble(value)
    if (way !== 1 && way !== -1) fail('BadValue', 'The $sort element value must be either 1 or -1')
    return (a, b) => compareValues(a, b, collator) * way
  }
  if (!isDoc(value))
    return fail(
      'BadValue',
      'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields',
    )
  if (value.size === 0) fail('BadValue', 'The $sort pattern is empty when it should be a set of fields.')
  const keys = [...value.entries()].map(([path, way]) => {
    if (!isNumeric(way) || Math.abs(toDouble(way)) !== 1)
      return fail('BadValue', 'The $sort element value must be either 1 or -1')
    if (path === '' || path.split('.').includes(''))
      return fail('BadValue', `The $sort field is a dotted field but has an empty part: ${path}`)
    return { parts: path.split('.'), way: toDouble(way) }
  })
  return (a, b) => {
    for (const { parts, way } of keys) {
      const order =
        compareValues(valueAtPath(a, parts) ?? null, valueAtPath(b, parts) ?? null, collator) * way
      if (order !== 0) return order
    }
    return 0
  }
}

/** `$push`, with `$each`, `$position`, `$sort` and `$slice` in the order in which the server applies them. */
export function pushOperator(operand: Value, _path: string, { collator }: UpdateContext): Operator {
  const modified = isDoc(operand) && operand.has('$each') ? operand : null
  if (modified) {
    const unknown = modified.keys().find((key) => !clauses.includes(key))
    if (unknown) fail('BadValue', `Unrecognized clause in $push: ${unknown}`)
  }
  const each = modified ? modified.get('$each') : [operand]
  if (!Array.isArray(each))
    return fail(
      'BadValue',
      `The argument to $each in $push must be an array but it was of type: ${typeName(each)}`,
    )
  const position = modified ? wholeClause(modified, '$position') : null
  const slice = modified ? wholeClause(modified, '$slice') : null
  const order = modified ? sortClause(modified.get('$sort'), collator) : null
  return {
    creates: true,
    apply(current: Maybe, target: Target) {
      if (current !== undefined && !Array.isArray(current))
        fail(
          'BadValue',
          `The field '${target.path}' must be an array but is of type ${typeName(current)} in document {_id: ${shellText(target.id)}}`,
        )
      const before = (current as Value[] | undefined) ?? []
      const at =
        position === null
          ? before.length
          : position < 0
            ? Math.max(0, before.length + position)
            : Math.min(position, before.length)
      const values = [...before.slice(0, at), ...each, ...before.slice(at)]
      if (order) values.sort(order)
      if (slice === null) return values
      return slice < 0 ? values.slice(slice) : values.slice(0, slice)
    },
  }
}
