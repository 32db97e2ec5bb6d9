import { Doc, isDoc } from '../../bson/doc.ts'
import { encode } from '../../bson/encode.ts'
import { isIntegral, toDouble, wholeNumber } from '../../bson/numeric.ts'
import { typeName, type Value } from '../../bson/value.ts'
import { fail } from '../../errors.ts'
import { parseFilter } from '../../query/filter.ts'
import { valueAtPath } from '../../query/paths.ts'
import { documentOrder, parseSort, sortAll } from '../../query/sort.ts'
import { compileExpression } from '../expression.ts'
import { type PipelineContext, runStages, type StageFactory } from '../stage.ts'
import { deferred, flatMapped, fromArray, mapped } from '../stream.ts'
import { truthy } from '../values.ts'

function amount(spec: Value, name: string, code: number, least: number): number {
  if (!isIntegral(spec))
    return fail(code, `invalid argument to ${name} stage: Expected an integer, but found ${typeName(spec)}`)
  const value = toDouble(spec)
  return value < least
    ? fail(
        code === 5107201 ? 15958 : code,
        `invalid argument to ${name} stage: the limit must be ${least > 0 ? 'positive' : 'non-negative'}`,
      )
    : value
}

const match: StageFactory = (spec, context) => {
  if (!isDoc(spec)) return fail(15959, 'the match filter must be an expression in an object')
  const filter = parseFilter(spec, context)
  return (input) => mapped(input, (doc) => (filter.matches(doc) ? doc : null))
}

const limit: StageFactory = (spec) => {
  const most = amount(spec, '$limit', 5107201, 1)
  return (input) => {
    let given = 0
    return { next: () => (given++ < most ? input.next() : null), pause: () => input.pause() }
  }
}

const skip: StageFactory = (spec) => {
  const over = amount(spec, '$skip', 5107200, 0)
  return (input) => {
    let skipped = 0
    return mapped(input, (doc) => (skipped++ < over ? null : doc))
  }
}

const sizeOf = (row: { doc: Doc }): number => (row.doc.unread() ? 256 : 512)

const sort: StageFactory = (spec, { collator }) => {
  if (!isDoc(spec)) return fail(15973, 'the $sort key specification must be an object')
  if (spec.size === 0) fail(15976, '$sort stage must have at least one sort key')
  const order = documentOrder(parseSort(spec), collator)
  return (input) =>
    deferred(input, (docs) => {
      const rows = docs.map((doc) => ({ doc }))
      return sortAll(rows, order, 0, sizeOf).map(({ doc }) => doc)
    })
}

const count: StageFactory = (spec) => {
  if (typeof spec !== 'string' || spec === '')
    return fail(40156, 'the count field must be a non-empty string')
  if (spec.startsWith('$')) fail(40158, 'the count field cannot be a $-prefixed path')
  if (spec.includes('.')) fail(40160, "the count field cannot contain '.'")
  return (input) =>
    deferred(input, (docs) => {
      let total = 0
      for (const _ of docs) total++
      return total ? [Doc.of({ [spec]: wholeNumber(total) })] : []
    })
}

type Unwind = { parts: string[]; indexField: string | null; keepEmpty: boolean }

function unwindOptions(spec: Value): Unwind {
  const path = isDoc(spec) ? spec.get('path') : spec
  if (path === undefined) return fail(28812, 'no path specified to $unwind stage')
  if (typeof path !== 'string')
    return fail(28808, `expected a string as the path for $unwind stage, got ${typeName(path)}`)
  if (!path.startsWith('$') || path.length < 2)
    fail(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`)
  const unknown = isDoc(spec)
    ? spec.keys().find((key) => !['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays'].includes(key))
    : undefined
  if (unknown) fail(28811, `unrecognized option to $unwind stage: ${unknown}`)
  const index = isDoc(spec) ? spec.get('includeArrayIndex') : undefined
  if (index !== undefined && (typeof index !== 'string' || index === ''))
    fail(28810, 'expected a non-empty string for the includeArrayIndex option to $unwind stage')
  return {
    parts: path.slice(1).split('.'),
    indexField: (index as string | undefined) ?? null,
    keepEmpty: isDoc(spec) && truthy(spec.get('preserveNullAndEmptyArrays')),
  }
}

/** A copy of a document with another value, or none, at a path. */
export function withPath(doc: Doc, parts: readonly string[], value: Value | undefined): Doc {
  const [part, ...rest] = parts as [string, ...string[]]
  const copy = doc.copy()
  if (rest.length === 0) {
    if (value === undefined) copy.delete(part)
    else copy.set(part, value)
    return copy
  }
  const inner = doc.get(part)
  if (isDoc(inner) || value !== undefined)
    copy.set(part, withPath(isDoc(inner) ? inner : Doc.of({}), rest, value))
  return copy
}

const unwind: StageFactory = (spec) => {
  const { parts, indexField, keepEmpty } = unwindOptions(spec)
  const numbered = (doc: Doc, index: Value): Doc =>
    indexField === null ? doc : withPath(doc, indexField.split('.'), index)
  return (input) =>
    flatMapped(input, (doc) => {
      const value = valueAtPath(doc, parts)
      if (Array.isArray(value) && value.length)
        return value.map((element, i) => numbered(withPath(doc, parts, element), BigInt(i)))
      if (value === undefined || value === null || Array.isArray(value))
        return keepEmpty ? [numbered(Array.isArray(value) ? withPath(doc, parts, undefined) : doc, null)] : []
      return [numbered(doc, null)]
    })
}

const sample: StageFactory = (spec) => {
  const size = isDoc(spec) ? spec.get('size') : undefined
  if (!isIntegral(size)) return fail(28745, 'the $sample stage specification must be an object with a size')
  const wanted = toDouble(size)
  if (wanted <= 0) fail(28747, 'size argument to $sample must be a positive integer')
  return (input) =>
    deferred(input, (docs) => {
      const kept: Doc[] = []
      let seen = 0
      for (const doc of docs) {
        const at = seen++ < wanted ? kept.length : Math.floor(Math.random() * seen)
        if (at < wanted) kept[at] = doc
      }
      return kept
    })
}

const facet: StageFactory = (spec, context) => {
  if (!isDoc(spec) || spec.size === 0)
    return fail(40169, 'the $facet specification must be a non-empty object')
  const parts = [...spec.entries()].map(([name, pipeline]) => {
    if (!Array.isArray(pipeline))
      return fail(40170, `arguments to $facet must be arrays, ${name} is type ${typeName(pipeline)}`)
    const bad = pipeline.find(
      (stage) =>
        isDoc(stage) &&
        ['$out', '$merge', '$facet', '$collStats', '$indexStats', '$documents'].includes(
          stage.firstKey() ?? '',
        ),
    )
    if (isDoc(bad)) fail(40600, `${bad.firstKey()} is not allowed to be used within a $facet stage`)
    return { name, stages: context.compile(pipeline, context) }
  })
  return (input) =>
    deferred(input, (docs) => {
      const all = [...docs]
      const result = new Map<string, Value>()
      for (const { name, stages } of parts) {
        const source = runStages(stages, fromArray(all))
        const found: Doc[] = []
        for (let doc = source.next(); doc !== null; doc = source.next()) found.push(doc)
        result.set(name, found)
      }
      return [new Doc(result)]
    })
}

const redact: StageFactory = (spec, { scope }) => {
  const evaluate = compileExpression(spec, scope)
  const visit = (doc: Doc): Doc | null => {
    const verdict = evaluate(doc)
    if (verdict === 'KEEP') return doc
    if (verdict === 'PRUNE') return null
    if (verdict !== 'DESCEND') return fail(17053, '$redact must return one of $$DESCEND, $$PRUNE or $$KEEP')
    const result = new Map<string, Value>()
    for (const [key, value] of doc.entries()) {
      const kept = isDoc(value)
        ? visit(value)
        : Array.isArray(value)
          ? value
              .map((each) => (isDoc(each) ? visit(each) : each))
              .filter((each, i) => each !== null || value[i] === null)
          : value
      if (kept !== null || value === null) result.set(key, kept)
    }
    return new Doc(result)
  }
  return (input) => mapped(input, visit)
}

const described =
  (name: string): StageFactory =>
  (spec, context: PipelineContext) =>
  () => {
    const docs = context.describe(name, spec, context)
    return docs ? fromArray(docs) : fail(40324, `Unrecognized pipeline stage name: '${name}'`)
  }

const documents: StageFactory = (spec, { scope }) => {
  const list = compileExpression(spec, scope)(Doc.of({}))
  if (!Array.isArray(list) || !list.every(isDoc))
    return fail(5858203, '$documents must evaluate to an array of objects')
  return () => fromArray(list.map((doc) => Doc.over(encode(doc))))
}

export const streamStages: Record<string, StageFactory> = {
  $match: match,
  $limit: limit,
  $skip: skip,
  $sort: sort,
  $count: count,
  $unwind: unwind,
  $sample: sample,
  $facet: facet,
  $redact: redact,
  $documents: documents,
  $collStats: described('$collStats'),
  $indexStats: described('$indexStats'),
  $listLocalSessions: described('$listLocalSessions'),
  $listSessions: described('$listSessions'),
  $currentOp: described('$currentOp'),
}
