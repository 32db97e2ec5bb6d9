import { each } from '../aggregate/stream.ts'
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
import { pipelineContext, readPipeline } from './source.ts'
import { isView } from './views.ts'

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

/** The documents of a view that match. */
function matchesInView(request: Request): Doc[] {
  const namespace = namespaceOf(request)
  const filter = request.body.get('query')
  const context = contextOf(request, request.body.get('collation'), undefined)
  const stages = isDoc(filter) && filter.size ? [Doc.of({ $match: filter })] : []
  return [...each(readPipeline(request, namespace, stages, pipelineContext(request, namespace, context)))]
}

export const count: Command = {
  fields: ['query', 'limit', 'skip', 'hint', 'collation', 'fields', 'rawData'],
  run(request) {
    if (isView(request.engine.find(namespaceOf(request))))
      return Doc.of({ n: wholeNumber(matchesInView(request).length) })
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

function* docsOf(query: Query): Generator<Doc> {
  const rows = openRows(query)
  for (let row = rows.next(); row !== null; row = rows.next()) yield Doc.over(row.bytes)
}

export const distinct: Command = {
  fields: ['key', 'query', 'collation', 'hint', 'rawData'],
  run(request) {
    const key = request.body.get('key')
    if (typeof key !== 'string')
      return fail('TypeMismatch', "BSON field 'distinct.key' is the wrong type, expected type 'string'")
    if (key.includes('\0')) fail('BadValue', 'Key field cannot contain an embedded null byte')
    const view = isView(request.engine.find(namespaceOf(request)))
    const query = view ? null : queryOf(request, { skip: 0, limit: 0 })
    const docs = view ? matchesInView(request) : query ? docsOf(query) : []
    const collator = query?.collator ?? null
    const found = new Set<string>()
    const parts = key.split('.')
    const kept: Value[] = []
    for (const doc of docs) {
      const values: Value[] = []
      valuesAt(doc, parts, 0, values)
      for (const value of values) {
        const known = encodeKey([value]).toString('latin1')
        if (found.has(known)) continue
        found.add(known)
        if (collator && kept.some((other) => compareValues(other, value, collator) === 0)) continue
        kept.push(value)
      }
    }
    return Doc.of({ values: kept.sort((a, b) => compareValues(a, b)) })
  },
}
