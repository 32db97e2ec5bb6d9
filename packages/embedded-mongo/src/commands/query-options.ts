import { compileExpression, type Scope, scopeWith } from '../aggregate/expression.ts'
import { Doc, isDoc } from '../bson/doc.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import type { Maybe, Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { parseCollation } from '../query/collation.ts'
import { compareValues } from '../query/compare.ts'
import type { Condition, FilterContext } from '../query/condition.ts'
import { parseFilter } from '../query/filter.ts'
import { choosePlan, hintedIndex, type Plan, type PlanRequest, planIndex } from '../query/planner.ts'
import type { SortKey } from '../query/sort.ts'
import type { Collection } from '../storage/collection.ts'
import type { Request } from './request.ts'

const empty = Doc.of({})

/** Variables of a command: its `let`, and the time, which stays one through the command. */
export function scopeOf(request: Request, given: Maybe): Scope {
  const base = scopeWith({ NOW: new Date(), CLUSTER_TIME: request.clock.time })
  if (given === undefined || given === null) return base
  if (!isDoc(given))
    return fail('TypeMismatch', `BSON field '${request.name}.let' is the wrong type, expected type 'object'`)
  const values: Record<string, Maybe> = {}
  for (const [name, value] of given.entries()) {
    if (!/^[a-z\u0080-\uffff][\w\u0080-\uffff]*$/.test(name))
      fail('FailedToParse', `'${name}' starts with an invalid character for a user variable name`)
    values[name] = compileExpression(value, base)(empty)
  }
  return scopeWith(values, base)
}

export function contextOf(request: Request, collation: Maybe, given: Maybe): FilterContext {
  if (collation !== undefined && collation !== null && !isDoc(collation))
    fail('TypeMismatch', "BSON field 'collation' is the wrong type, expected type 'object'")
  return {
    collator: parseCollation(isDoc(collation) ? collation : undefined),
    scope: scopeOf(request, given),
  }
}

/** A hint as it is given: an index by name or key, or the natural order. */
export type Hint =
  | { kind: 'none' }
  | { kind: 'natural'; backward: boolean }
  | { kind: 'index'; hint: string | Doc }

export function parseHint(value: Maybe): Hint {
  if (value === undefined || value === null) return { kind: 'none' }
  if (typeof value === 'string') return { kind: 'index', hint: value }
  if (!isDoc(value)) return fail('FailedToParse', 'Hint must be a string or an object')
  if (value.size === 0) return { kind: 'none' }
  const natural = value.get('$natural')
  if (natural === undefined) return { kind: 'index', hint: value }
  if (!isNumeric(natural)) return fail('BadValue', '$natural hint must be a number')
  return { kind: 'natural', backward: toDouble(natural) < 0 }
}

/** The plan for a filter; a hint that names no index is refused, as the server refuses it. */
export function planFor(
  collection: Collection,
  filter: Condition,
  sort: readonly SortKey[],
  hint: Hint,
  collated: boolean,
): Plan {
  const request: PlanRequest = { filter, sort, collated }
  if (hint.kind === 'none') return choosePlan(collection, request)
  if (hint.kind === 'natural')
    return { kind: 'collection', backward: hint.backward, sorted: sort.length === 0 }
  const { hint: wanted } = hint
  const index = hintedIndex(collection, wanted, (key) => compareValues(key, wanted as Value) === 0)
  if (!index || index.hidden)
    return fail(
      'BadValue',
      `error processing query: ns=${collection.namespace.db}.${collection.namespace.name} planner returned error :: caused by :: hint provided does not correspond to an existing index`,
    )
  const plan = planIndex(index, request)
  // A hint binds even to an index that lacks documents: those are then not found.
  return (
    plan ?? {
      kind: 'index',
      index,
      ranges: [{ from: Buffer.alloc(0), to: Buffer.from([0xff]) }],
      backward: false,
      covered: false,
      sorted: sort.length === 0,
      points: false,
      fixed: 0,
    }
  )
}

export function parseFilterField(value: Maybe, name: string, context: FilterContext): Condition {
  if (value === undefined || value === null) return parseFilter(empty, context)
  if (!isDoc(value))
    return fail('TypeMismatch', `BSON field '${name}' is the wrong type, expected type 'object'`)
  return parseFilter(value, context)
}
