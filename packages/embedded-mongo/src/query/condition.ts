import type { Scope } from '../aggregate/scope.ts'
import type { Doc } from '../bson/doc.ts'
import type { Value } from '../bson/value.ts'
import type { Collator } from './compare.ts'
import type { MatchDetails } from './paths.ts'

export type Matches = (doc: Doc, details?: MatchDetails) => boolean

/** A filter as the planner sees it: conditions on one path, or a combination. */
export type Condition =
  | { kind: 'and' | 'or'; of: Condition[]; matches: Matches }
  | { kind: 'path'; path: string; op: string; value: Value; matches: Matches }
  | { kind: 'other'; matches: Matches }

export type FilterContext = { readonly collator: Collator; readonly scope: Scope }

export function all(of: Condition[]): Condition {
  if (of.length === 1) return of[0] as Condition
  const tests = of.map((condition) => condition.matches)
  const matches: Matches = (doc, details) => {
    for (const test of tests) if (!test(doc, details)) return false
    return true
  }
  return { kind: 'and', of, matches }
}

export function any(of: Condition[]): Condition {
  const tests = of.map((condition) => condition.matches)
  return { kind: 'or', of, matches: (doc, details) => tests.some((test) => test(doc, details)) }
}

export function not(condition: Condition): Condition {
  return { kind: 'other', matches: (doc) => !condition.matches(doc) }
}

export const other = (matches: Matches): Condition => ({ kind: 'other', matches })
