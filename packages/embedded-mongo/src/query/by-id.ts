import { isDoc } from '../bson/doc.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import type { Maybe, Value } from '../bson/value.ts'
import type { Condition } from './condition.ts'
import { isRegex } from './regex.ts'

/** The one `_id` that a filter allows, or null: most reads and writes name it, and need no plan then. */
export function idAskedFor(filter: Condition): Value | null {
  const parts = filter.kind === 'and' ? filter.of : [filter]
  for (const part of parts) {
    if (part.kind !== 'path' || part.path !== '_id') continue
    const values = part.op === '$eq' ? [part.value] : part.op === '$in' ? [part.value].flat() : []
    const [value = null] = values
    if (values.length === 1 && !Array.isArray(value) && !isRegex(value)) return value
  }
  return null
}

/** Whether a hint leaves the way by `_id`, or says to take it. */
export function allowsById(hint: Maybe): boolean {
  if (hint === undefined || hint === '_id_') return true
  const direction = isDoc(hint) && hint.size === 1 ? hint.get('_id') : undefined
  return isNumeric(direction) && toDouble(direction) === 1
}
