import { type Doc, isDoc } from '../bson/doc.ts'
import type { Maybe, Value } from '../bson/value.ts'

/** Where in an array the filter matched, for the positional `$` of an update or projection. */
export type MatchDetails = { index: number | null }

export type Test = (value: Maybe) => boolean

const indexPattern = /^(0|[1-9]\d*)$/

/** The number a path component names as an array index, or -1. */
export function arrayIndex(part: string): number {
  const unit = part.charCodeAt(0)
  return unit >= 48 && unit <= 57 && indexPattern.test(part) ? Number(part) : -1
}

/**
 * Whether any value at a dotted path passes the test, with MongoDB's way through arrays: every document in
 * an array is entered, an index names an element, and (with `expand`) the elements of an array at the end
 * are tried before the array itself. A document without the path is tried as `undefined`; an array without
 * documents on the way offers nothing at all.
 */
export function pathMatcher(path: string, test: Test, expand: boolean) {
  const parts = path.split('.')
  const last = parts.length - 1

  function leaf(value: Maybe, details: MatchDetails | undefined): boolean {
    if (expand && Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) {
        if (!test(value[i])) continue
        if (details) details.index = i
        return true
      }
    }
    return test(value)
  }

  function inArray(values: Value[], at: number, details: MatchDetails | undefined): boolean {
    const index = arrayIndex(parts[at] as string)
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as Value
      let found = isDoc(value) && inDoc(value, at, undefined)
      if (!found && i === index) found = inElement(value, at)
      if (!found) continue
      if (details) details.index = i
      return true
    }
    return false
  }

  function inElement(value: Value, at: number): boolean {
    if (at === last) return leaf(value, undefined)
    if (isDoc(value)) return inDoc(value, at + 1, undefined)
    return Array.isArray(value) && inArray(value, at + 1, undefined)
  }

  function inDoc(doc: Doc, at: number, details: MatchDetails | undefined): boolean {
    const value = doc.get(parts[at] as string)
    if (at === last) return leaf(value, details)
    if (isDoc(value)) return inDoc(value, at + 1, details)
    if (Array.isArray(value)) return inArray(value, at + 1, details)
    return test(undefined)
  }

  return (doc: Doc, details?: MatchDetails): boolean => inDoc(doc, 0, details)
}

/** The value at a dotted path, following documents and array indexes only; `undefined` where there is none. */
export function valueAtPath(value: Maybe, parts: readonly string[], from = 0): Maybe {
  let current = value
  for (let i = from; i < parts.length; i++) {
    const part = parts[i] as string
    if (isDoc(current)) current = current.get(part)
    else if (Array.isArray(current)) current = current[arrayIndex(part)]
    else return undefined
  }
  return current
}
