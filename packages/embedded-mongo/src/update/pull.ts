import { Doc, isDoc } from '../bson/doc.ts'
import type { Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { equals } from '../query/compare.ts'
import { parseFilter } from '../query/filter.ts'
import { isRegex } from '../query/regex.ts'
import type { Operator, UpdateContext } from './operators.ts'

const wrap = (element: Value): Doc => new Doc(new Map([['v', element]]))

function selector(operand: Value, context: UpdateContext): (element: Value) => boolean {
  if (isRegex(operand)) {
    const condition = parseFilter(wrap(operand), context)
    return (element) => !Array.isArray(element) && condition.matches(wrap(element))
  }
  if (!isDoc(operand)) return (element) => equals(element, operand, context.collator)
  if (
    operand.firstKey()?.startsWith('$') &&
    !['$and', '$or', '$nor'].includes(operand.firstKey() as string)
  ) {
    const condition = parseFilter(wrap(operand), context)
    return (element) => condition.matches(wrap(element))
  }
  const condition = parseFilter(operand, context)
  return (element) => isDoc(element) && condition.matches(element)
}

/** `$pull`: elements that equal a value, or match a condition; a document is a filter of elements. */
export function pullOperator(operand: Value, _path: string, context: UpdateContext): Operator {
  const selects = selector(operand, context)
  return {
    creates: false,
    apply(current) {
      if (!Array.isArray(current)) return fail('BadValue', 'Cannot apply $pull to a non-array value')
      return current.filter((element) => !selects(element))
    },
  }
}
