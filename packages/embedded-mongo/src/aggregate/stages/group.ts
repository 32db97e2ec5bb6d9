import { Int32 } from 'bson'
import { Doc, isDoc } from '../../bson/doc.ts'
import { isIntegral, toDouble } from '../../bson/numeric.ts'
import type { Value } from '../../bson/value.ts'
import { fail } from '../../errors.ts'
import { compareValues } from '../../query/compare.ts'
import { documentOrder, sortAll } from '../../query/sort.ts'
import { encodeKey } from '../../storage/key-encoding.ts'
import { type Accumulator, type AccumulatorFactory, compileAccumulator } from '../accumulators.ts'
import { compileExpression, type Scope } from '../expression.ts'
import type { StageFactory } from '../stage.ts'
import { deferred } from '../stream.ts'

type Fields = { name: string; make: AccumulatorFactory }[]

function accumulatorsOf(spec: Doc, except: string, scope: Scope): Fields {
  return [...spec.entries()]
    .filter(([name]) => name !== except)
    .map(([name, value]) => ({ name, make: compileAccumulator(name, value, scope) }))
}

type Group = { id: Value; fields: { name: string; accumulator: Accumulator }[] }

const opened = (id: Value, fields: Fields): Group => ({
  id,
  fields: fields.map(({ name, make }) => ({ name, accumulator: make() })),
})

function closed({ id, fields }: Group): Doc {
  const doc = new Map<string, Value>([['_id', id]])
  for (const { name, accumulator } of fields) doc.set(name, accumulator.result())
  return new Doc(doc)
}

function gather(docs: Iterable<Doc>, idOf: (doc: Doc) => Value, fields: Fields): Map<string, Group> {
  const groups = new Map<string, Group>()
  for (const doc of docs) {
    const id = idOf(doc)
    const key = encodeKey([id]).toString('latin1')
    let group = groups.get(key)
    if (!group) {
      group = opened(id, fields)
      groups.set(key, group)
    }
    for (const { accumulator } of group.fields) accumulator.add(doc)
  }
  return groups
}

const group: StageFactory = (spec, { scope }) => {
  if (!isDoc(spec)) return fail(15947, "a group's fields must be specified in an object")
  const id = spec.get('_id')
  if (id === undefined) return fail(15955, 'a group specification must include an _id')
  const evaluate = compileExpression(id, scope)
  const fields = accumulatorsOf(spec, '_id', scope)
  return (input) =>
    deferred(input, (docs) => [...gather(docs, (doc) => evaluate(doc) ?? null, fields).values()].map(closed))
}

const sortByCount: StageFactory = (spec, { scope }) => {
  if (
    !(typeof spec === 'string' && spec.startsWith('$')) &&
    !(isDoc(spec) && spec.firstKey()?.startsWith('$'))
  )
    return fail(
      40149,
      'the sortByCount field must be defined as a $-prefixed path or an expression inside an object',
    )
  const evaluate = compileExpression(spec, scope)
  const fields = [{ name: 'count', make: compileAccumulator('count', Doc.of({ $sum: new Int32(1) }), scope) }]
  const order = documentOrder([{ path: 'count', descending: true }], null)
  return (input) =>
    deferred(input, (docs) => {
      const groups = [...gather(docs, (doc) => evaluate(doc) ?? null, fields).values()].map((found) => ({
        doc: closed(found),
      }))
      return sortAll(groups, order, 0, () => 64).map(({ doc }) => doc)
    })
}

const oneEach = Doc.of({ count: Doc.of({ $sum: new Int32(1) }) })

function outputOf(spec: Doc, scope: Scope): Fields {
  const output = spec.get('output')
  return accumulatorsOf(isDoc(output) ? output : oneEach, '', scope)
}

const bucket: StageFactory = (spec, { scope }) => {
  if (!isDoc(spec)) return fail(40201, 'Argument to $bucket stage must be an object')
  const [by, boundaries, fallback] = [spec.get('groupBy'), spec.get('boundaries'), spec.get('default')]
  if (by === undefined || !Array.isArray(boundaries))
    return fail(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.")
  if (boundaries.length < 2)
    fail(
      40192,
      `The $bucket 'boundaries' field must have at least 2 values, but found ${boundaries.length} value(s).`,
    )
  if (boundaries.some((edge, i) => i > 0 && compareValues(boundaries[i - 1], edge) >= 0))
    fail(40194, "The 'boundaries' option to $bucket must be sorted")
  const evaluate = compileExpression(by, scope)
  const fields = outputOf(spec, scope)
  const idOf = (doc: Doc): Value => {
    const value = evaluate(doc)
    const at = boundaries.findLastIndex((edge) => compareValues(edge, value) <= 0)
    if (at >= 0 && at < boundaries.length - 1) return boundaries[at] as Value
    return (
      fallback ??
      fail(40066, '$switch could not find a matching branch for an input, and no default was specified.')
    )
  }
  return (input) =>
    deferred(input, (docs) =>
      [...gather(docs, idOf, fields).values()].sort((a, b) => compareValues(a.id, b.id)).map(closed),
    )
}

const bucketAuto: StageFactory = (spec, { scope }) => {
  if (!isDoc(spec)) return fail(40240, 'The argument to $bucketAuto must be an object')
  const [by, buckets] = [spec.get('groupBy'), spec.get('buckets')]
  if (by === undefined || !isIntegral(buckets))
    return fail(40246, "$bucketAuto requires 'groupBy' and 'buckets' to be specified.")
  if (spec.has('granularity')) fail(40257, "$bucketAuto with 'granularity' is not supported by this server")
  const wanted = toDouble(buckets)
  const evaluate = compileExpression(by, scope)
  const fields = outputOf(spec, scope)
  return (input) =>
    deferred(input, (docs) => {
      const rows = [...docs]
        .map((doc) => ({ doc, value: evaluate(doc) ?? null }))
        .sort((a, b) => compareValues(a.value, b.value))
      const size = Math.max(1, Math.round(rows.length / wanted))
      const result: Doc[] = []
      for (let at = 0; at < rows.length; ) {
        let end = result.length === wanted - 1 ? rows.length : Math.min(rows.length, at + size)
        while (end < rows.length && compareValues(rows[end]?.value, rows[end - 1]?.value) === 0) end++
        const max = (end < rows.length ? rows[end] : rows[end - 1])?.value as Value
        const made = opened(Doc.of({ min: rows[at]?.value as Value, max }), fields)
        for (const { doc } of rows.slice(at, end))
          for (const { accumulator } of made.fields) accumulator.add(doc)
        result.push(closed(made))
        at = end
      }
      return result
    })
}

export const groupStages: Record<string, StageFactory> = {
  $group: group,
  $sortByCount: sortByCount,
  $bucket: bucket,
  $bucketAuto: bucketAuto,
}
