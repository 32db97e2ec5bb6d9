import type { Maybe, Value } from '../bson/value.ts'
import type { Matches } from './condition.ts'
import { type MatchDetails, pathMatcher } from './paths.ts'

/** Whether an array at a path has an element that is accepted; the first such is where the filter matched. */
export function elementMatcher(path: string, accepts: (element: Value) => boolean): Matches {
  let index = -1
  const test = (found: Maybe): boolean => {
    if (!Array.isArray(found)) return false
    index = found.findIndex(accepts)
    return index >= 0
  }
  const matches = pathMatcher(path, test, false)
  return (doc, details) => {
    const inside: MatchDetails = { index: null }
    if (!matches(doc, inside)) return false
    if (details) details.index = inside.index ?? index
    return true
  }
}
