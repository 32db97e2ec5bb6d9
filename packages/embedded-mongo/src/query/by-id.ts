import type { Value } from '../bson/value.ts'
import type { Condition } from './condition.ts'
import { isRegex } from './regex.ts'

/** The one `_id` that a filter allows, or null: most reads and writes name it, and need no plan then. */
export function idAskedFor(filter: Condition): Value | null {
  const parts = filter.kind === 'and' ? filter.of : [filter]
  for (const part of parts) {
    if (
      part.kind === 'path' &&
      part.path === '_id' &&
      part.op === '$eq' &&
      !Array.isArray(part.value) &&
      !isRegex(part.value)
    )
      return part.value
  }
  return null
}
