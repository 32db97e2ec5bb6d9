import type { Doc } from '../bson/doc.ts'
import type { Collection } from '../storage/collection.ts'
import type { Index } from '../storage/index.ts'
import type { Condition } from './condition.ts'
import { type PathCondition, type Range, walk } from './index-walk.ts'
import { impliesPartial, isRestated } from './partial.ts'
import type { SortKey } from './sort.ts'

export type IndexPlan = {
  readonly kind: 'index'
  readonly index: Index
  readonly ranges: readonly Range[]
  readonly backward: boolean
  /** The keys decide alone: no document has to be read to know that it matches. */
  readonly covered: boolean
  /** Keys come in the order asked for. */
  readonly sorted: boolean
  /** Each range is one complete key of a unique index. */
  readonly points: boolean
  /** So many of the index's first fields have one value in all of the keys. */
  readonly fixed: number
}

export type Plan =
  | IndexPlan
  | { readonly kind: 'collection'; readonly backward: boolean; readonly sorted: boolean }
  | { readonly kind: 'union'; readonly plans: readonly IndexPlan[]; readonly sorted: false }

export type PlanRequest = {
  readonly filter: Condition
  readonly sort: readonly SortKey[]
  /** Text compares by a collation that no index has. */
  readonly collated: boolean
}

/** The conditions that all must hold. */
export function conjuncts(condition: Condition): Condition[] {
  return condition.kind === 'and' ? condition.of.flatMap(conjuncts) : [condition]
}

const isText = (condition: PathCondition): boolean =>
  [condition.value]
    .flat()
    .some(
      (value) =>
        typeof value === 'string' ||
        (typeof value === 'object' && value !== null && '_bsontype' in value && value._bsontype === 'Doc'),
    )

/** Whether keys come in the order of `sort`: 1 forwards, -1 backwards, 0 not at all. */
function direction(index: Index, sort: readonly SortKey[], fixed: number): 1 | -1 | 0 {
  if (index.multikey) return 0
  const constant = new Set(index.parts.slice(0, fixed).map(({ path }) => path))
  const wanted = sort.filter(({ path }) => !constant.has(path))
  if (wanted.length === 0) return 1
  const rest = index.parts.slice(fixed)
  let way = 0
  for (const [i, { path, descending }] of wanted.entries()) {
    const part = rest[i]
    if (part?.path !== path) return 0
    const step = part.descending === descending ? 1 : -1
    if (way !== 0 && way !== step) return 0
    way = step
  }
  return way as 1 | -1
}

/** How an index would answer; null if it is of no use or must not be used. */
export function planIndex(index: Index, request: PlanRequest): IndexPlan | null {
  const conditions = conjuncts(request.filter)
  const onPaths = conditions.filter((condition) => condition.kind === 'path')
  if (index.partial && !impliesPartial(onPaths, index.partial)) return null
  const byPath = Map.groupBy(
    onPaths.filter((condition) => !request.collated || !isText(condition)),
    ({ path }) => path,
  )
  const found = walk(index, byPath)
  if (index.sparse && found.bounded < index.parts.length && !found.bounded) return null
  if (index.sparse && !impliesPresence(index, onPaths)) return null
  const way = request.sort.length && !request.collated ? direction(index, request.sort, found.fixed) : 0
  const restated = conditions.every(
    (condition) =>
      found.used.has(condition) || (index.partial !== null && isRestated(condition, index.partial)),
  )
  return {
    kind: 'index',
    index,
    ranges: found.ranges,
    backward: way === -1,
    covered: restated && (!index.multikey || (found.bounded <= 1 && found.ranges.length <= 1)),
    sorted:
      way !== 0 &&
      (found.fixed === found.equalities || found.ranges.length <= 1 || sortsFromStart(index, request.sort)),
    points: found.full && index.unique,
    fixed: found.fixed,
  }
}

function sortsFromStart(index: Index, sort: readonly SortKey[]): boolean {
  return direction(index, sort, 0) !== 0
}

/** A sparse index lacks documents; they must be ones that the filter would not accept either. */
function impliesPresence(index: Index, conditions: readonly PathCondition[]): boolean {
  const proves = ({ op, value }: PathCondition): boolean => {
    if (op === '$eq' || op === '$gte' || op === '$lte') return value !== null
    if (op === '$in') return Array.isArray(value) && !value.includes(null)
    return op === '$gt' || op === '$lt' || op === '$regex' || (op === '$exists' && value === true)
  }
  return index.parts.some(({ path }) =>
    conditions.some((condition) => condition.path === path && proves(condition)),
  )
}

function score(plan: IndexPlan, request: PlanRequest, bounded: boolean): number {
  // Each point finds one document at most, so a list of points reads no more than it names.
  if (plan.points) return 1000 - Math.min(100, Math.log2(plan.ranges.length) * 5)
  const lead = plan.ranges[0]
  const depth = lead ? plan.index.parts.length : 0
  const narrow = plan.ranges.length ? sharedBytes(plan.ranges) : 1000
  return (
    (bounded ? 100 : 0) +
    Math.min(narrow, 400) +
    (request.sort.length && plan.sorted ? 60 : 0) +
    (plan.covered ? 5 : 0) -
    depth -
    (plan.backward ? 1 : 0)
  )
}

/** How much of the keys the ranges fix: longer means fewer keys to look at. */
function sharedBytes(ranges: readonly Range[]): number {
  const { from, to } = ranges[0] as Range
  let i = 0
  while (i < from.length && from[i] === to[i]) i++
  const parts = i * 3 + (from.length > i + 1 ? 10 : 0) + (to.length > i + 1 ? 10 : 0)
  return parts - Math.min(20, Math.log2(ranges.length) * 2)
}

const isUnbounded = ({ ranges }: IndexPlan): boolean => ranges.length === 1 && ranges[0]?.from.length === 0

/** The way to the documents that reads least. */
export function choosePlan(collection: Collection, request: PlanRequest): Plan {
  let best: { plan: IndexPlan; score: number } | null = null
  for (const index of collection.indexes) {
    if (index.hidden) continue
    const plan = planIndex(index, request)
    if (!plan) continue
    const unbounded = isUnbounded(plan)
    if (unbounded && !(request.sort.length && plan.sorted)) continue
    const points = score(plan, request, !unbounded)
    if (!best || points > best.score) best = { plan, score: points }
  }
  if (best && !isUnbounded(best.plan)) return best.plan
  return (
    unionPlan(collection, request) ??
    best?.plan ?? { kind: 'collection', backward: false, sorted: request.sort.length === 0 }
  )
}

/** An `$or` of which every branch has an index. */
function unionPlan(collection: Collection, request: PlanRequest): Plan | null {
  const either = conjuncts(request.filter).find((condition) => condition.kind === 'or')
  if (either?.kind !== 'or' || either.of.length > 100) return null
  const plans: IndexPlan[] = []
  for (const filter of either.of) {
    const plan = choosePlan(collection, { ...request, filter, sort: [] })
    if (plan.kind !== 'index') return null
    plans.push({ ...plan, covered: false })
  }
  return { kind: 'union', plans, sorted: false }
}

/** The index a `hint` names, by its name or its key. */
export function hintedIndex(
  collection: Collection,
  hint: string | Doc,
  sameKey: (key: Doc) => boolean,
): Index | undefined {
  if (typeof hint === 'string') return collection.index(hint)
  return collection.indexes.find((index) => sameKey(index.spec.get('key') as Doc))
}
