import { type DocSource, fromArray } from '../aggregate/stream.ts'
import { Doc, isDoc } from '../bson/doc.ts'
import { isNumeric, toDouble, wholeNumber } from '../bson/numeric.ts'
import type { Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { allowsById, idAskedFor } from '../query/by-id.ts'
import { openRows, type Query, type Rows } from '../query/execute.ts'
import { parseProjection } from '../query/projection.ts'
import { parseSort } from '../query/sort.ts'
import type { Namespace } from '../storage/collection.ts'
import { encodeKey } from '../storage/key-encoding.ts'
import { contextOf, parseFilterField, parseHint, planFor } from './query-options.ts'
import {
  type Command,
  flag,
  namespaceOf,
  nonNegative,
  optionalDoc,
  optionalWhole,
  type Request,
} from './request.ts'
import { pipelineContext, readPipeline } from './source.ts'
import { isView } from './views.ts'

const firstBatch = 101

const fields = [
  'filter',
  'sort',
  'projection',
  'hint',
  'skip',
  'limit',
  'batchSize',
  'singleBatch',
  'collation',
  'let',
  'min',
  'max',
  'returnKey',
  'showRecordId',
  'tailable',
  'awaitData',
  'noCursorTimeout',
  'oplogReplay',
  'allowPartialResults',
  'allowDiskUse',
  'rawData',
  'term',
  'options',
] as const

function refuseWhatIsNotDone(request: Request): void {
  if (flag(request, 'tailable'))
    fail('BadValue', 'error processing query: tailable cursor requested on non capped collection')
  if (flag(request, 'awaitData')) fail('FailedToParse', 'Cannot set awaitData without tailable')
  for (const field of ['min', 'max', 'returnKey', 'showRecordId']) {
    const value = request.body.get(field)
    if (value !== undefined && value !== false)
      fail('NotImplemented', `find option '${field}' is not supported by this server`)
  }
}

/** A sort; `$natural` in it is a hint. */
function sortAndHint(request: Request) {
  const sort = optionalDoc(request, 'sort')
  const natural = sort?.get('$natural')
  if (isNumeric(natural) && sort?.size === 1)
    return { sort: [], hint: { kind: 'natural', backward: toDouble(natural) < 0 } as const }
  return { sort: sort ? parseSort(sort) : [], hint: parseHint(request.body.get('hint')) }
}

function window(request: Request): { skip: number; limit: number; single: boolean } {
  const limit = optionalWhole(request, 'limit') ?? 0
  if (limit < 0) fail(51024, `BSON field 'limit' value must be >= 0, actual value '${limit}'`)
  return { skip: nonNegative(request, 'skip') ?? 0, limit, single: flag(request, 'singleBatch') }
}

/** The query of a find-like command; null where the collection does not exist. */
export function queryOf(request: Request, filterField: string): Query | null {
  const context = contextOf(request, request.body.get('collation'), request.body.get('let'))
  const filter = parseFilterField(request.body.get(filterField), `${request.name}.${filterField}`, context)
  const { sort, hint } = sortAndHint(request)
  const { skip, limit } = window(request)
  const collection = request.engine.find(namespaceOf(request))
  if (!collection) return null
  const plan = planFor(collection, filter, sort, hint, context.collator !== null)
  return {
    collection,
    plan,
    filter,
    sort,
    collator: context.collator,
    skip,
    limit,
    deadlineMs: request.deadlineMs,
  }
}

function source(rows: Rows, project: (doc: Doc) => Doc): DocSource {
  return {
    pause: () => rows.pause(),
    isDone: () => rows.isDone(),
    next() {
      const row = rows.next()
      return row === null ? null : project(Doc.over(row.bytes))
    },
  }
}

/** A search for one `_id` needs neither plan nor cursor. */
function byId(query: Query, project: (doc: Doc) => Doc): DocSource | null {
  const id = query.collator || query.skip ? null : idAskedFor(query.filter)
  if (id === null) return null
  const found = query.collection.byId(encodeKey([id]))
  if (!found || !query.filter.matches(Doc.over(found.bytes))) return fromArray([])
  return fromArray([project(Doc.over(found.bytes))])
}

/** A find on a view is a pipeline behind the view's own. */
function overView(request: Request, namespace: Namespace): DocSource {
  const stages: Value[] = []
  const add = (name: string, value: Value | undefined): void => {
    if (value !== undefined && !(isDoc(value) && value.size === 0)) stages.push(Doc.of({ [name]: value }))
  }
  const { skip, limit } = window(request)
  add('$match', optionalDoc(request, 'filter'))
  add('$sort', optionalDoc(request, 'sort'))
  if (skip) add('$skip', wholeNumber(skip))
  if (limit) add('$limit', wholeNumber(limit))
  add('$project', optionalDoc(request, 'projection'))
  const context = contextOf(request, request.body.get('collation'), request.body.get('let'))
  return readPipeline(request, namespace, stages, pipelineContext(request, namespace, context))
}

function run(request: Request): Doc {
  refuseWhatIsNotDone(request)
  const namespace = namespaceOf(request)
  if (isView(request.engine.find(namespace)))
    return request.cursors.start(namespace, overView(request, namespace), {
      batchSize: nonNegative(request, 'batchSize') ?? firstBatch,
      single: flag(request, 'singleBatch'),
    })
  const spec = optionalDoc(request, 'projection')
  const context = spec?.size
    ? contextOf(request, request.body.get('collation'), request.body.get('let'))
    : null
  const projection = spec && context ? parseProjection(spec, { context, isFind: true }) : null
  const query = queryOf(request, 'filter')
  const batchSize = nonNegative(request, 'batchSize') ?? firstBatch
  const single = flag(request, 'singleBatch')
  if (!query) return request.cursors.start(namespace, fromArray([]), { batchSize, single })
  const project = projection ? (doc: Doc) => projection(doc, query.filter.matches) : (doc: Doc) => doc
  const docs =
    (allowsById(request.body.get('hint')) ? byId(query, project) : null) ?? source(openRows(query), project)
  return request.cursors.start(namespace, docs, {
    batchSize,
    single,
    noTimeout: flag(request, 'noCursorTimeout'),
  })
}

export const find: Command = { fields, run }

export const getMore: Command = {
  fields: ['collection', 'batchSize', 'term', 'lastKnownCommittedOpTime'],
  run(request) {
    const id = request.body.get('getMore')
    if (typeof id !== 'bigint')
      return fail('TypeMismatch', "BSON field 'getMore.getMore' is the wrong type, expected type 'long'")
    const name = request.body.get('collection')
    if (typeof name !== 'string')
      return fail('TypeMismatch', "BSON field 'getMore.collection' is the wrong type, expected type 'string'")
    const batchSize = nonNegative(request, 'batchSize') || Number.POSITIVE_INFINITY
    return request.cursors.more(id, { db: request.db, name }, batchSize)
  },
}

export const killCursors: Command = {
  fields: ['cursors'],
  run(request) {
    const cursors = request.body.get('cursors')
    if (!Array.isArray(cursors))
      return fail('TypeMismatch', "BSON field 'killCursors.cursors' is the wrong type, expected type 'array'")
    const ids = cursors.map((id) =>
      typeof id === 'bigint' ? id : fail('TypeMismatch', 'cursor ids must be longs'),
    )
    const killed = ids.filter((id) => request.cursors.kill(id))
    const notFound = ids.filter((id) => !killed.includes(id))
    return Doc.of({ cursorsKilled: killed, cursorsNotFound: notFound, cursorsAlive: [], cursorsUnknown: [] })
  },
}
