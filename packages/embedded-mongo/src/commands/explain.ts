import { Doc, isDoc } from '../bson/doc.ts'
import { wholeNumber } from '../bson/numeric.ts'
import type { Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { idAskedFor } from '../query/by-id.ts'
import { openRows, type Query } from '../query/execute.ts'
import { parseFilter } from '../query/filter.ts'
import type { IndexPlan, Plan } from '../query/planner.ts'
import { parseSort } from '../query/sort.ts'
import { fullName } from '../storage/collection.ts'
import { countKeys } from '../storage/scan.ts'
import { serverVersion } from './admin.ts'
import { openAggregate } from './aggregate.ts'
import { queryOf } from './find.ts'
import { contextOf, parseHint, planFor } from './query-options.ts'
import { type Command, int, namespaceOf, type Request } from './request.ts'

function indexStage(plan: IndexPlan): Doc {
  return Doc.of({
    stage: 'IXSCAN',
    keyPattern: plan.index.spec.get('key'),
    indexName: plan.index.name,
    isMultiKey: plan.index.multikey,
    isUnique: plan.index.unique,
    isSparse: plan.index.sparse,
    isPartial: plan.index.partial !== null,
    indexVersion: int(2),
    direction: plan.backward ? 'backward' : 'forward',
    ranges: int(plan.ranges.length),
  })
}

function accessStage(plan: Plan): Doc {
  if (plan.kind === 'collection')
    return Doc.of({ stage: 'COLLSCAN', direction: plan.backward ? 'backward' : 'forward' })
  if (plan.kind === 'index') return Doc.of({ stage: 'FETCH', inputStage: indexStage(plan) })
  return Doc.of({
    stage: 'FETCH',
    inputStage: Doc.of({ stage: 'OR', inputStages: plan.plans.map(indexStage) }),
  })
}

function winningPlan(query: Query, isCount: boolean): Doc {
  const { plan, sort, skip, limit } = query
  if (!isCount && query.sort.length === 0 && idAskedFor(query.filter) !== null && plan.kind === 'index')
    return Doc.of({ stage: 'EXPRESS_IXSCAN', isCached: false, keyPattern: '{ _id: 1 }', indexName: '_id_' })
  if (isCount && plan.kind === 'index' && plan.covered)
    return Doc.of({
      stage: 'COUNT',
      inputStage: Doc.of({ ...Object.fromEntries(indexStage(plan).entries()), stage: 'COUNT_SCAN' }),
    })
  let stage = accessStage(plan)
  if (sort.length && !plan.sorted)
    stage = Doc.of({
      stage: 'SORT',
      sortPattern: Doc.of(
        Object.fromEntries(sort.map(({ path, descending }) => [path, int(descending ? -1 : 1)])),
      ),
      inputStage: stage,
    })
  if (skip) stage = Doc.of({ stage: 'SKIP', skipAmount: wholeNumber(skip), inputStage: stage })
  if (limit) stage = Doc.of({ stage: 'LIMIT', limitAmount: wholeNumber(limit), inputStage: stage })
  return isCount ? Doc.of({ stage: 'COUNT', inputStage: stage }) : stage
}

function executionStats(query: Query, isCount: boolean): Doc {
  const startedMs = Date.now()
  const { plan } = query
  const counters = { found: 0, keys: 0, docs: 0 }
  if (isCount && plan.kind === 'index' && plan.covered) {
    counters.found = countKeys(plan)
    counters.keys = counters.found
  } else {
    const rows = openRows(query)
    while (rows.next() !== null) counters.found++
    counters.keys = rows.scan.counters.keys
    counters.docs = rows.scan.counters.docs
  }
  return Doc.of({
    executionSuccess: true,
    nReturned: wholeNumber(counters.found),
    executionTimeMillis: int(Date.now() - startedMs),
    totalKeysExamined: wholeNumber(counters.keys),
    totalDocsExamined: wholeNumber(counters.docs),
    executionStages: winningPlan(query, isCount),
  })
}

/** The query inside an update, delete or findAndModify. */
function writeQuery(
  request: Request,
  filter: Value | undefined,
  hint: Value | undefined,
  sort: Value | undefined,
  limit: number,
): Query | null {
  const collection = request.engine.find(namespaceOf(request))
  if (!collection) return null
  const context = contextOf(request, request.body.get('collation'), request.body.get('let'))
  const condition = parseFilter(isDoc(filter) ? filter : Doc.of({}), context)
  const keys = isDoc(sort) ? parseSort(sort) : []
  const plan = planFor(collection, condition, keys, parseHint(hint), context.collator !== null)
  return {
    collection,
    plan,
    filter: condition,
    sort: keys,
    collator: context.collator,
    skip: 0,
    limit,
    deadlineMs: request.deadlineMs,
  }
}

function statement(request: Request, field: string): Doc {
  const list = request.body.get(field)
  const first = Array.isArray(list) ? list[0] : undefined
  return isDoc(first) ? first : fail('FailedToParse', `explain needs one of '${field}'`)
}

function queryFor(request: Request): Query | null {
  const { body } = request
  switch (request.name) {
    case 'find':
      return queryOf(request, 'filter')
    case 'count':
    case 'distinct':
      return queryOf(request, 'query')
    case 'aggregate':
      return openAggregate(request).query
    case 'findAndModify':
    case 'findandmodify':
      return writeQuery(request, body.get('query'), body.get('hint'), body.get('sort'), 1)
    case 'update': {
      const given = statement(request, 'updates')
      return writeQuery(
        request,
        given.get('q'),
        given.get('hint'),
        given.get('sort'),
        given.get('multi') === true ? 0 : 1,
      )
    }
    case 'delete': {
      const given = statement(request, 'deletes')
      return writeQuery(
        request,
        given.get('q'),
        given.get('hint'),
        undefined,
        Number(given.get('limit')) === 1 ? 1 : 0,
      )
    }
    default:
      return fail('CommandNotFound', `Explain failed due to unknown command: ${request.name}`)
  }
}

/** What a command would do, and with what effort; nothing is written. */
export function explainRequest(request: Request, verbosity: string): Doc {
  if (!['queryPlanner', 'executionStats', 'allPlansExecution'].includes(verbosity))
    fail('BadValue', `Enumeration value '${verbosity}' for field 'explain.verbosity' is not a valid value.`)
  const query = queryFor(request)
  const isCount = request.name === 'count'
  const winning = query ? winningPlan(query, isCount) : Doc.of({ stage: 'EOF' })
  const namespace = query
    ? fullName(query.collection.namespace)
    : `${request.db}.${String(request.body.get(request.name))}`
  return Doc.of({
    explainVersion: '1',
    queryPlanner: Doc.of({ namespace, winningPlan: winning, rejectedPlans: [] }),
    executionStats: query && verbosity !== 'queryPlanner' ? executionStats(query, isCount) : undefined,
    command: request.body,
    serverInfo: Doc.of({ version: serverVersion }),
  })
}

export const explain: Command = {
  fields: ['verbosity'],
  run(request) {
    const inner = request.body.get('explain')
    if (!isDoc(inner))
      return fail('TypeMismatch', "BSON field 'explain.explain' is the wrong type, expected type 'object'")
    const name = inner.firstKey() ?? ''
    const verbosity = request.body.get('verbosity') ?? 'allPlansExecution'
    return explainRequest({ ...request, name, body: inner }, String(verbosity))
  },
}
