import { compilePipeline } from '../aggregate/pipeline.ts'
import { type Pipeline, type PipelineContext, runStages } from '../aggregate/stage.ts'
import { type DocSource, fromArray } from '../aggregate/stream.ts'
import { Doc, isDoc } from '../bson/doc.ts'
import { isIntegral, isNumeric, toDouble, wholeNumber } from '../bson/numeric.ts'
import type { Value } from '../bson/value.ts'
import type { FilterContext } from '../query/condition.ts'
import { countRows, openRows, type Query } from '../query/execute.ts'
import { parseFilter } from '../query/filter.ts'
import { planIndex } from '../query/planner.ts'
import { parseSort, type SortKey } from '../query/sort.ts'
import type { Namespace } from '../storage/collection.ts'
import { groupCounts } from '../storage/count-groups.ts'
import { describe } from './describe.ts'
import { type Hint, planFor } from './query-options.ts'
import type { Request } from './request.ts'
import { resolveView } from './views.ts'
import { writeStage } from './write-stage.ts'

export function pipelineContext(
  request: Request,
  namespace: Namespace,
  context: FilterContext,
): PipelineContext {
  return {
    ...context,
    namespace,
    compile: compilePipeline,
    describe: (stage, _spec, inner) => describe(request, stage, inner.namespace),
    write: (kind, spec, input, inner) => writeStage(request, kind, spec, input, inner),
    read: (of, pipeline, inner) => readPipeline(request, of, pipeline, inner),
    lookUp: (of, filter, inner) => readPipeline(request, of, [Doc.of({ $match: filter })], inner),
  }
}

/** Documents of a collection or view through a pipeline. */
export function readPipeline(
  request: Request,
  namespace: Namespace,
  given: readonly Value[],
  context: PipelineContext,
): DocSource {
  const { namespace: base, pipeline } = resolveView(request.engine, namespace, given)
  return openPipeline(request, base, compilePipeline(pipeline, context), context, { kind: 'none' }).source
}

type Head = { filter: Doc | null; sort: SortKey[]; skip: number; limit: number; used: number }

/** What of a pipeline's beginning a query can do: match, then sort, then skip and limit. */
function headOf(stages: Pipeline): Head {
  const head: Head = { filter: null, sort: [], skip: 0, limit: 0, used: 0 }
  let at = 0
  const matches: Value[] = []
  while (stages[at]?.name === '$match') matches.push((stages[at++] as Pipeline[0]).spec)
  if (matches.length) head.filter = matches.length === 1 ? (matches[0] as Doc) : Doc.of({ $and: matches })
  const sort = stages[at]
  if (sort?.name === '$sort' && isDoc(sort.spec)) {
    head.sort = parseSort(sort.spec)
    at++
  }
  const skip = stages[at]
  if (skip?.name === '$skip' && isNumeric(skip.spec)) {
    head.skip = toDouble(skip.spec)
    at++
  }
  const limit = stages[at]
  if (limit?.name === '$limit' && isNumeric(limit.spec)) {
    head.limit = toDouble(limit.spec)
    at++
  }
  return { ...head, used: at }
}

/** The name under which a stage does nothing but count its input, with the `_id` by which it does so. */
function countingField(stage: Pipeline[0] | undefined): { field: string; id: Value | undefined } | null {
  if (stage?.name === '$count' && typeof stage.spec === 'string') return { field: stage.spec, id: undefined }
  if (stage?.name !== '$group' || !isDoc(stage.spec) || stage.spec.size !== 2) return null
  const id = stage.spec.get('_id') as Value
  const [field, spec] = [...stage.spec.entries()].find(([key]) => key !== '_id') ?? []
  const one = isDoc(spec) ? spec.get('$sum') : undefined
  return field && isIntegral(one) && toDouble(one) === 1 ? { field, id } : null
}

const isConstant = (id: Value | undefined): boolean => id === undefined || id === null || isIntegral(id)

/** The groups of a stage that counts by one field, where the keys of an index tell them. */
function groupedByKey(query: Query, stage: Pipeline[0] | undefined): Doc[] | null {
  const { collection, filter, collator, skip, limit } = query
  const counted = countingField(stage)
  const by = counted?.id
  if (!counted || typeof by !== 'string' || !by.startsWith('$') || collator || skip || limit) return null
  for (const index of collection.indexes) {
    const plan = index.hidden ? null : planIndex(index, { filter, sort: [], collated: false })
    const groups = plan && groupCounts(collection, plan, by.slice(1))
    if (groups)
      return groups.map(({ value, count }) => Doc.of({ _id: value, [counted.field]: wholeNumber(count) }))
  }
  return null
}

const sourceless = new Set([
  '$documents',
  '$collStats',
  '$indexStats',
  '$listLocalSessions',
  '$listSessions',
  '$currentOp',
])

export type OpenedPipeline = { source: DocSource; query: Query | null }

/** Opens a pipeline over a collection; its beginning is planned like a query. */
export function openPipeline(
  request: Request,
  namespace: Namespace,
  stages: Pipeline,
  context: PipelineContext,
  hint: Hint,
): OpenedPipeline {
  if (stages[0] && sourceless.has(stages[0].name))
    return { source: runStages(stages, fromArray([])), query: null }
  const collection = request.engine.find(namespace)
  const head = headOf(stages)
  const filter = parseFilter(head.filter ?? Doc.of({}), context)
  if (!collection) return { source: runStages(stages, fromArray([])), query: null }
  const plan = planFor(collection, filter, head.sort, hint, context.collator !== null)
  const { sort, skip, limit } = head
  const query: Query = {
    collection,
    plan,
    filter,
    sort,
    collator: context.collator,
    skip,
    limit,
    deadlineMs: request.deadlineMs,
  }
  const counted = countingField(stages[head.used])
  if (counted && isConstant(counted.id)) {
    const rest = stages.slice(head.used + 1)
    return { source: runStages(rest, counting(query, counted)), query }
  }
  const groups = hint.kind === 'none' ? groupedByKey(query, stages[head.used]) : null
  if (groups) return { source: runStages(stages.slice(head.used + 1), fromArray(groups)), query }
  const rows = openRows(query)
  const source: DocSource = {
    pause: () => rows.pause(),
    next() {
      const row = rows.next()
      return row === null ? null : Doc.over(row.bytes)
    },
  }
  return { source: runStages(stages.slice(head.used), source), query }
}

function counting(query: Query, { field, id }: { field: string; id: Value | undefined }): DocSource {
  let done = false
  return {
    pause: () => undefined,
    next() {
      if (done) return null
      done = true
      const total = countRows(query)
      return total ? Doc.of({ _id: id, [field]: wholeNumber(total) }) : null
    },
  }
}
