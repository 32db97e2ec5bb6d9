import { compilePipeline } from '../aggregate/pipeline.ts'
import { fromArray } from '../aggregate/stream.ts'
import type { Doc } from '../bson/doc.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import { typeName, type Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import type { Namespace } from '../storage/collection.ts'
import { checkName } from '../storage/names.ts'
import { contextOf, parseHint } from './query-options.ts'
import { type Command, optionalDoc, optionalList, type Request } from './request.ts'
import { type OpenedPipeline, openPipeline, pipelineContext } from './source.ts'
import { resolveView } from './views.ts'

function targetOf(request: Request): Namespace {
  const value = request.body.get('aggregate')
  if (isNumeric(value) && toDouble(value) === 1) return { db: request.db, name: '$cmd.aggregate' }
  if (typeof value !== 'string')
    return fail(
      'TypeMismatch',
      `collection name has invalid type ${value === undefined ? 'missing' : typeName(value)}`,
    )
  const namespace = { db: request.db, name: value }
  checkName(namespace)
  return namespace
}

function checkWithoutCollection(namespace: Namespace, first: string | undefined): void {
  const standsAlone =
    first !== undefined && ['$documents', '$listLocalSessions', '$currentOp'].includes(first)
  const isAlone = namespace.name === '$cmd.aggregate'
  if (isAlone && !standsAlone)
    fail('InvalidNamespace', `{aggregate: 1} is not valid for '${first ?? ''}'; a collection is required.`)
  if (!isAlone && standsAlone) fail('InvalidNamespace', `'${first}' can only be run with {aggregate: 1}`)
}

/** Compiles and opens the pipeline of a request, through views. */
export function openAggregate(request: Request): OpenedPipeline & { namespace: Namespace; writes: boolean } {
  const given = optionalList(request, 'pipeline')
  if (!given)
    return fail('IDLFailedToParse', "BSON field 'aggregate.pipeline' is missing but a required field")
  const namespace = targetOf(request)
  const { namespace: base, pipeline } = resolveView(request.engine, namespace, given as Value[])
  const context = pipelineContext(
    request,
    base,
    contextOf(request, request.body.get('collation'), request.body.get('let')),
  )
  const stages = compilePipeline(pipeline, context)
  checkWithoutCollection(namespace, stages[0]?.name)
  const last = stages.at(-1)?.name
  const writes = last === '$out' || last === '$merge'
  const concern = optionalDoc(request, 'readConcern')?.get('level')
  if (writes && (concern === 'linearizable' || concern === 'snapshot'))
    fail('InvalidOptions', `${last} stage is not supported with read concern level '${concern}'`)
  return {
    ...openPipeline(request, base, stages, context, parseHint(request.body.get('hint'))),
    namespace,
    writes,
  }
}

function run(request: Request): Doc {
  const cursor = optionalDoc(request, 'cursor')
  if (!cursor)
    fail('FailedToParse', "The 'cursor' option is required, except for aggregate with the explain argument")
  const size = cursor?.get('batchSize')
  if (size !== undefined && (!isNumeric(size) || toDouble(size) < 0))
    fail('BadValue', 'cursor.batchSize must be a non-negative number')
  const batchSize = isNumeric(size) ? toDouble(size) : 101
  const opened = openAggregate(request)
  if (!opened.writes) return request.cursors.start(opened.namespace, opened.source, { batchSize })
  opened.source.next()
  return request.cursors.start(opened.namespace, fromArray([]), { batchSize: 1 })
}

export const aggregate: Command = {
  fields: [
    'pipeline',
    'cursor',
    'explain',
    'allowDiskUse',
    'bypassDocumentValidation',
    'hint',
    'let',
    'collation',
    'fromMongos',
    'needsMerge',
    'needsSortedMerge',
    'isMapReduceCommand',
    'exchange',
  ],
  run,
}
