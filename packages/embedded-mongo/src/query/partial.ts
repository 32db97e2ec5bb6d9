import { Doc } from '../bson/doc.ts'
import type { Value } from '../bson/value.ts'
import { compareValues, rankOf } from './compare.ts'
import type { Condition } from './condition.ts'

type PathCondition = Extract<Condition, { kind: 'path' }>

function flatten(condition: Condition): Condition[] {
  return condition.kind === 'and' ? condition.of.flatMap(flatten) : [condition]
}

function sameCondition(a: PathCondition, b: PathCondition): boolean {
  return a.path === b.path && a.op === b.op && compareValues(a.value, b.value) === 0
}

function docAt(path: string, value: Value): Doc {
  return path.split('.').reduceRight<Value>((inner, part) => new Doc(new Map([[part, inner]])), value) as Doc
}

const upward = new Set(['$gt', '$gte'])
const downward = new Set(['$lt', '$lte'])

function narrower(given: PathCondition, wanted: PathCondition): boolean {
  const sameWay =
    (upward.has(given.op) && upward.has(wanted.op)) || (downward.has(given.op) && downward.has(wanted.op))
  if (!sameWay || rankOf(given.value) !== rankOf(wanted.value)) return false
  const order = compareValues(given.value, wanted.value) * (upward.has(given.op) ? 1 : -1)
  return order > 0 || (order === 0 && (wanted.op.length === 4 || given.op.length === 3))
}

function proves(given: PathCondition, wanted: PathCondition): boolean {
  if (given.path !== wanted.path) return false
  if (sameCondition(given, wanted)) return true
  const isMissable = given.value === null || (Array.isArray(given.value) && given.value.includes(null))
  if (wanted.op === '$exists' && wanted.value === true) {
    return ['$eq', '$in', '$gt', '$gte', '$lt', '$lte', '$regex'].includes(given.op) && !isMissable
  }
  if (given.op === '$eq')
    return !Array.isArray(given.value) && !isMissable && wanted.matches(docAt(given.path, given.value))
  if (given.op === '$in' && Array.isArray(given.value))
    return !isMissable && given.value.every((value) => wanted.matches(docAt(given.path, value)))
  return narrower(given, wanted)
}

/** Whether every document that the conditions accept is in an index with this filter. */
export function impliesPartial(conditions: readonly PathCondition[], partial: Condition): boolean {
  return flatten(partial).every(
    (wanted) => wanted.kind === 'path' && conditions.some((given) => proves(given, wanted)),
  )
}

/** Whether a condition says only what the index's filter says already. */
export function isRestated(condition: Condition, partial: Condition): boolean {
  if (condition.kind !== 'path') return false
  return flatten(partial).some((stated) => stated.kind === 'path' && sameCondition(stated, condition))
}
