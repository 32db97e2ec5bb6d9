import { Doc, isDoc } from '../bson/doc.ts'
import { wholeNumber } from '../bson/numeric.ts'
import type { Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { compareValues } from '../query/compare.ts'
import { countRows, openRows, type Query } from '../query/execute.ts'
import { arrayIndex } from '../query/paths.ts'
import { encodeKey } from '../storage/key-encoding.ts'
import { contextOf, parseFilterField, parseHint, planFor } from './query-options.ts'
import { type Command, namespaceOf, nonNegative, optionalWhole, type Request } from './request.ts'

function queryOf(request: Request, window: { skip: number; limit: number }): Query | null {
  const context = contextOf(request, request.body.get('collation'), undefined)
  const filter = parseFilterField(request.body.get('query'), `${request.name}.query`, context)
  const collection = request.engine.find(namespaceOf(request))
  if (!collection) return null
  const plan = planFor(collection, filter, [], parseHint(request.body.get('hint')), context.collator !== null)
  return {
    collection,
    plan,
    filter,
    sort: [],
    collator: context.collator,
    ...window,
    deadlineMs: request.deadlineMs,
  }
}

export const count: Command = {
  fields: ['query', 'limit', 'skip', 'hint', 'collation', 'fields', 'rawData'],
  run(request) {
    const query = queryOf(request, {
      skip: nonNegative(request, 'skip') ?? 0,
      limit: Math.abs(optionalWhole(request, 'limit') ?? 0),
    })
    return Doc.of({ n: wholeNumber(query ? countRows(query) : 0) })
  },
}

/** The values at a path, an array giving each of its elements. */
function valuesAt(value: Value | undefined, parts: readonly string[], at: number, into: Value[]): void {
  if (value === undefined) return
  if (at === parts.length) {
    if (Array.isArray(value)) into.push(...value)
    else into.push(value)
  } else if (isDoc(value)) valuesAt(value.get(parts[at] as string), parts, at + 1, into)
  else if (Array.isArray(value)) {
    const index = arrayIndex(parts[at] as string)
    if (index >= 0) valuesAt(value[index], parts, at + 1, into)
    for (const element of value) if (isDoc(element)) valuesAt(element, parts, at, into)
  }
}

export const distinct: Command = {
  fields: ['key', 'query', 'collation', 'hint', 'rawData'],
  run(request) {
    const key = request.body.get('key')
    if (typeof key !== 'string')
      return fail('TypeMismatch', "BSON field 'distinct.key' is the wrong type, expected type 'string'")
    if (key.includes('\0')) fail('BadValue', 'Key field cannot contain an embedded null byte')
    const query = queryOf(request, { skip: 0, limit: 0 })
    if (!query) return Doc.of({ values: [] })
    const found = new Map<string, Value>()
    const rows = openRows(query)
    const parts = key.split('.')
    const kept: Value[] = []
    for (let row = rows.next(); row !== null; row = rows.next()) {
      const values: Value[] = []
      valuesAt(Doc.over(row.bytes), parts, 0, values)
      for (const value of values) {
        const known = encodeKey([value]).toString('latin1')
        if (found.has(known)) continue
        found.set(known, value)
        if (query.collator && kept.some((other) => compareValues(other, value, query.collator) === 0))
          continue
        kept.push(value)
      }
    }
    return Doc.of({ values: kept.sort((a, b) => compareValues(a, b)) })
  },
}
