import { Doc, isDoc } from '../../bson/doc.ts'
import { type Maybe, typeName, type Value } from '../../bson/value.ts'
import { fail } from '../../errors.ts'
import { checkName } from '../../storage/names.ts'
import { compileExpression, valueAlong } from '../expression.ts'
import type { PipelineContext, StageFactory } from '../stage.ts'
import { type DocSource, each, mapped } from '../stream.ts'
import { isNullish } from '../values.ts'
import { withPath } from './streams.ts'

type Lookup = {
  from: string | null
  local: string | null
  foreign: string | null
  as: string
  variables: Doc
  pipeline: Value[] | null
}

const lookupFields = ['from', 'as', 'localField', 'foreignField', 'let', 'pipeline']

function lookupOptions(spec: Value): Lookup {
  if (!isDoc(spec))
    return fail(
      'FailedToParse',
      `the $lookup stage specification must be an object, but found ${typeName(spec)}`,
    )
  const unknown = spec.keys().find((key) => !lookupFields.includes(key))
  if (unknown) fail('FailedToParse', `unknown argument to $lookup: ${unknown}`)
  const text = (key: string): string | null => {
    const value = spec.get(key)
    if (value === undefined) return null
    return typeof value === 'string'
      ? value
      : fail(
          'FailedToParse',
          `$lookup argument '${key}: ${String(value)}' must be a string, found type ${typeName(value)}`,
        )
  }
  const [variables, pipeline] = [spec.get('let'), spec.get('pipeline')]
  if (variables !== undefined && !isDoc(variables))
    fail('FailedToParse', "$lookup argument 'let' must be an object")
  if (pipeline !== undefined && !Array.isArray(pipeline))
    fail('FailedToParse', "'pipeline' option must be specified as an array")
  const as = text('as') ?? fail('FailedToParse', "must specify 'as' field for a $lookup")
  const from = text('from')
  if (from === null && pipeline === undefined)
    fail('FailedToParse', "must specify 'pipeline' when 'from' is empty")
  const [local, foreign] = [text('localField'), text('foreignField')]
  if ((local === null) !== (foreign === null))
    fail(
      'FailedToParse',
      "$lookup requires both or neither of 'localField' and 'foreignField' to be specified",
    )
  if (local === null && pipeline === undefined)
    fail(
      'FailedToParse',
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
    )
  return {
    from,
    local,
    foreign,
    as,
    variables: (variables as Doc | undefined) ?? Doc.of({}),
    pipeline: (pipeline as Value[] | undefined) ?? null,
  }
}

/** The filter that finds what a local value joins: its elements where it is an array, null where it is missing. */
function joinFilter(foreign: string, value: Maybe): Doc {
  const wanted = Array.isArray(value) ? value : [value ?? null]
  return Doc.of({
    [foreign]: wanted.length === 1 ? Doc.of({ $eq: wanted[0] as Value }) : Doc.of({ $in: wanted }),
  })
}

function all(source: DocSource): Doc[] {
  return [...each(source)]
}

/** Runs `$lookup` for one document. Variables are set in their slots before the inner pipeline is read. */
function joiner(options: Lookup, context: PipelineContext): (doc: Doc) => Doc[] {
  const namespace = { db: context.namespace.db, name: options.from ?? '' }
  if (options.from !== null) checkName(namespace)
  const slots = [...options.variables.entries()].map(([name, value]) => ({
    name,
    slot: { value: undefined as Maybe },
    evaluate: compileExpression(value, context.scope),
  }))
  const scope = new Map(context.scope)
  for (const { name, slot } of slots) scope.set(name, slot)
  const inner: PipelineContext = { ...context, scope, namespace }
  if (options.pipeline) context.compile(options.pipeline, inner)
  return (doc) => {
    for (const { slot, evaluate } of slots) slot.value = evaluate(doc)
    const filter =
      options.foreign === null
        ? null
        : joinFilter(options.foreign, valueAlong(doc, (options.local as string).split('.'), 0))
    if (!options.pipeline) return all(context.lookUp(namespace, filter as Doc, inner))
    const stages: Value[] = filter ? [Doc.of({ $match: filter }), ...options.pipeline] : options.pipeline
    return all(context.read(namespace, stages, inner))
  }
}

const lookup: StageFactory = (spec, context) => {
  const options = lookupOptions(spec)
  const join = joiner(options, context)
  const path = options.as.split('.')
  return (input) => mapped(input, (doc) => withPath(doc, path, join(doc)))
}

const unionWith: StageFactory = (spec, context) => {
  const name = typeof spec === 'string' ? spec : isDoc(spec) ? spec.get('coll') : undefined
  const pipeline = isDoc(spec) ? (spec.get('pipeline') ?? []) : []
  if (name !== undefined && typeof name !== 'string')
    return fail('FailedToParse', 'the $unionWith stage specification must be an object or string')
  if (!Array.isArray(pipeline)) return fail('TypeMismatch', "$unionWith 'pipeline' must be an array")
  const namespace = { db: context.namespace.db, name: name ?? '' }
  context.compile(pipeline, { ...context, namespace })
  return (input) => {
    let second: DocSource | null = null
    return {
      next() {
        const doc = second ? null : input.next()
        if (doc !== null) return doc
        second ??= context.read(namespace, pipeline, { ...context, namespace })
        return second.next()
      },
      pause() {
        input.pause()
        second?.pause()
      },
    }
  }
}

type GraphLookup = {
  from: string
  as: string
  connectTo: string
  connectFrom: string
  maxDepth: number
  depthField: string | null
  start: Value
  restrict: Doc
}

function graphOptions(spec: Value): GraphLookup {
  if (!isDoc(spec)) return fail('FailedToParse', 'the $graphLookup stage specification must be an object')
  const text = (key: string): string => {
    const value = spec.get(key)
    return typeof value === 'string' ? value : fail(40105, `$graphLookup requires '${key}' as a string`)
  }
  const [depth, field, start, restrict] = [
    spec.get('maxDepth'),
    spec.get('depthField'),
    spec.get('startWith'),
    spec.get('restrictSearchWithMatch'),
  ]
  return {
    from: text('from'),
    as: text('as'),
    connectTo: text('connectToField'),
    connectFrom: text('connectFromField'),
    maxDepth: depth === undefined ? Number.POSITIVE_INFINITY : Number(depth),
    depthField: typeof field === 'string' ? field : null,
    start: start ?? fail(40105, "$graphLookup requires 'startWith'"),
    restrict: isDoc(restrict) ? restrict : Doc.of({}),
  }
}

const graphLookup: StageFactory = (spec, context) => {
  const options = graphOptions(spec)
  const start = compileExpression(options.start, context.scope)
  const namespace = { db: context.namespace.db, name: options.from }
  const search = (doc: Doc): Doc[] => {
    const found = new Map<string, Doc>()
    let frontier = [start(doc)].flat().filter((value) => value !== undefined) as Value[]
    for (let depth = 0; frontier.length && depth <= options.maxDepth; depth++) {
      const filter = Doc.of({
        $and: [Doc.of({ [options.connectTo]: Doc.of({ $in: frontier }) }), options.restrict],
      })
      const next: Value[] = []
      for (const match of each(context.lookUp(namespace, filter, context))) {
        const id = String(match.get('_id'))
        if (found.has(id)) continue
        found.set(id, options.depthField ? match.copy().set(options.depthField, BigInt(depth)) : match)
        const onwards = valueAlong(match, options.connectFrom.split('.'), 0)
        if (!isNullish(onwards)) next.push(...((Array.isArray(onwards) ? onwards : [onwards]) as Value[]))
      }
      frontier = next
    }
    return [...found.values()]
  }
  return (input) => mapped(input, (doc) => withPath(doc, options.as.split('.'), search(doc)))
}

const writing =
  (kind: '$out' | '$merge'): StageFactory =>
  (spec, context) =>
  (input) => ({
    next() {
      context.write(kind, spec, input, context)
      return null
    },
    pause: () => undefined,
  })

export const joinStages: Record<string, StageFactory> = {
  $lookup: lookup,
  $unionWith: unionWith,
  $graphLookup: graphLookup,
  $out: writing('$out'),
  $merge: writing('$merge'),
}
