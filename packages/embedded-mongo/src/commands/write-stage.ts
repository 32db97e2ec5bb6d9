import type { PipelineContext } from '../aggregate/stage.ts'
import { type DocSource, each } from '../aggregate/stream.ts'
import { Doc, isDoc } from '../bson/doc.ts'
import { encode } from '../bson/encode.ts'
import { type Maybe, typeName, type Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { parseFilter } from '../query/filter.ts'
import { valueAtPath } from '../query/paths.ts'
import { type Collection, fullName, type Namespace } from '../storage/collection.ts'
import { checkName } from '../storage/names.ts'
import { updatePipeline } from '../update/pipeline.ts'
import type { Update } from '../update/update.ts'
import { withId } from '../update/upsert.ts'
import { insertOne } from './insert.ts'
import { modifyRow, selectRows } from './modify-one.ts'
import { flag, type Request } from './request.ts'
import { refuseView } from './views.ts'

function target(spec: Maybe, db: string, stage: string): Namespace {
  if (typeof spec === 'string') return checked({ db, name: spec })
  const [name, other] = isDoc(spec) ? [spec.get('coll'), spec.get('db') ?? db] : []
  if (typeof name !== 'string' || typeof other !== 'string')
    return fail(16990, `${stage} only supports a string or object argument, but found ${typeName(spec)}`)
  return checked({ db: other, name })
}

function checked(namespace: Namespace): Namespace {
  checkName(namespace)
  return namespace
}

let lastTemporary = 0

/** Fills a collection beside the one that is there and puts it in its place; a failure leaves the old one. */
function out(request: Request, spec: Value, input: DocSource, context: PipelineContext): void {
  const namespace = target(spec, context.namespace.db, '$out')
  const old = request.engine.find(namespace)
  refuseView(old)
  const docs = [...each(input)].map((doc) => Doc.over(encode(doc)))
  const temporary = { db: namespace.db, name: `tmp.agg_out.${process.pid}.${++lastTemporary}` }
  const fresh = request.engine.create(temporary, old?.options)
  try {
    for (const index of old?.indexes.slice(1) ?? []) request.engine.addIndex(fresh, index.spec)
    const validated = !flag(request, 'bypassDocumentValidation')
    for (const doc of docs) insertOne(fresh, doc, request, validated)
  } catch (error) {
    request.engine.drop(fresh)
    throw error
  }
  if (old) {
    request.cursors.killAll(namespace)
    request.engine.drop(old)
  }
  request.engine.rename(fresh, namespace)
}

type Merge = { into: Namespace; on: string[]; matched: Value; unmatched: string; variables: Doc | null }

const mergeFields = ['into', 'on', 'let', 'whenMatched', 'whenNotMatched']

function mergeOptions(spec: Value, db: string): Merge {
  const given = typeof spec === 'string' ? Doc.of({ into: spec }) : spec
  if (!isDoc(given))
    return fail(51182, `$merge requires a string or object argument, but found ${typeName(spec)}`)
  const unknown = given.keys().find((key) => !mergeFields.includes(key))
  if (unknown) fail('IDLUnknownField', `BSON field '$merge.${unknown}' is an unknown field.`)
  const on = given.get('on') ?? '_id'
  const matched = given.get('whenMatched') ?? 'merge'
  const unmatched = given.get('whenNotMatched') ?? 'insert'
  if (typeof matched === 'string' && !['replace', 'keepExisting', 'merge', 'fail'].includes(matched))
    fail('BadValue', `Enumeration value '${matched}' for field '$merge.whenMatched' is not a valid value.`)
  if (typeof unmatched !== 'string' || !['insert', 'discard', 'fail'].includes(unmatched))
    return fail('BadValue', `Enumeration value for field '$merge.whenNotMatched' is not a valid value.`)
  const variables = given.get('let')
  if (variables !== undefined && !Array.isArray(matched))
    fail(51199, "Cannot use 'let' variables with 'whenMatched' that is not a pipeline")
  return {
    into: target(given.get('into'), db, '$merge'),
    on: (Array.isArray(on) ? on : [on]).map(String),
    matched,
    unmatched,
    variables: isDoc(variables) ? variables : null,
  }
}

function checkUnique(collection: Collection | undefined, on: readonly string[]): void {
  if (on.length === 1 && on[0] === '_id') return
  const isCovered = collection?.indexes.some(
    (index) =>
      index.unique &&
      !index.partial &&
      !index.sparse &&
      index.parts.length === on.length &&
      index.parts.every(({ path }) => on.includes(path)),
  )
  if (!isCovered) fail(51183, 'Cannot find index to verify that join fields will be unique')
}

function merging(doc: Doc, { matched }: Merge, context: PipelineContext): Update | null {
  const make = (apply: (existing: Doc) => Doc): Update => ({
    kind: 'pipeline',
    roots: null,
    usesPosition: false,
    apply,
  })
  if (Array.isArray(matched)) {
    const scope = new Map(context.scope).set('new', { value: doc })
    return make(updatePipeline(matched, { ...context, scope }))
  }
  if (matched === 'keepExisting') return null
  if (matched === 'replace')
    return make((existing) =>
      withId(doc.has('_id') ? doc : doc.copy().set('_id', existing.get('_id') as Value)),
    )
  return make((existing) => {
    const merged = existing.copy()
    for (const [key, value] of doc.entries()) merged.set(key, value)
    return merged
  })
}

function merge(request: Request, spec: Value, input: DocSource, context: PipelineContext): void {
  const options = mergeOptions(spec, context.namespace.db)
  const existing = request.engine.find(options.into)
  refuseView(existing)
  checkUnique(existing, options.on)
  const collection = existing ?? request.engine.create(options.into)
  const validated = !flag(request, 'bypassDocumentValidation')
  const docs = [...each(input)].map((doc) => Doc.over(encode(doc)))
  for (const given of docs) {
    const doc = options.on.includes('_id') ? withId(given) : given
    const filterDoc = Doc.of(
      Object.fromEntries(options.on.map((path) => [path, Doc.of({ $eq: joinValue(doc, path) })])),
    )
    const filter = parseFilter(filterDoc, { collator: null, scope: context.scope })
    const [row] = selectRows(
      collection,
      { filter, filterDoc, hint: undefined, sort: undefined, collator: null },
      1,
      request,
    )
    if (row) {
      if (options.matched === 'fail')
        fail('DuplicateKey', '$merge found a matching document in the target collection')
      const update = merging(doc, options, context)
      if (update) modifyRow(collection, row, update, filter, validated)
    } else if (options.unmatched === 'fail')
      fail(
        13113,
        `$merge could not find a matching document in the target collection ${fullName(options.into)} for at least one document in the source collection`,
      )
    else if (options.unmatched === 'insert') insertOne(collection, withId(doc), request, validated)
  }
}

function joinValue(doc: Doc, path: string): Value {
  const value = valueAtPath(doc, path.split('.'))
  if (value === undefined || value === null || Array.isArray(value))
    return fail(
      51132,
      `$merge write error: 'on' field '${path}' cannot be missing, null, undefined or an array`,
    )
  return value
}

/** Carries out `$out` or `$merge`, the last stage of a pipeline. */
export function writeStage(
  request: Request,
  kind: '$out' | '$merge',
  spec: Value,
  input: DocSource,
  context: PipelineContext,
): void {
  if (kind === '$out') out(request, spec, input, context)
  else merge(request, spec, input, context)
}
