import { fromArray } from '../aggregate/stream.ts'
import { Doc, isDoc } from '../bson/doc.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import { typeName, type Value } from '../bson/value.ts'
import { fail, ServerError } from '../errors.ts'
import type { Namespace } from '../storage/collection.ts'
import { checkName } from '../storage/names.ts'
import { runDelete } from './delete.ts'
import { insertOne } from './insert.ts'
import { type Command, flag, int, optionalDoc, optionalList, type Request } from './request.ts'
import { runUpdate, truthyFlag } from './update.ts'
import { refuseView } from './views.ts'
import { errorFields } from './write-errors.ts'

type Totals = {
  nErrors: number
  nInserted: number
  nMatched: number
  nModified: number
  nUpserted: number
  nDeleted: number
}
type Result = { n: number; nModified?: number; upserted?: Value }

const kinds = {
  insert: ['insert', 'document'],
  update: [
    'update',
    'filter',
    'updateMods',
    'multi',
    'upsert',
    'arrayFilters',
    'hint',
    'collation',
    'constants',
    'sort',
    'upsertSupplied',
    'sampleId',
  ],
  delete: ['delete', 'filter', 'multi', 'hint', 'collation', 'sampleId'],
} as const

type Operation = { kind: keyof typeof kinds; namespace: Namespace; given: Doc }

function namespaces(request: Request): Namespace[] {
  const infos = optionalList(request, 'nsInfo')
  if (!infos) return fail('IDLFailedToParse', "BSON field 'bulkWrite.nsInfo' is missing but a required field")
  return infos.map((info) => {
    const text = isDoc(info) ? info.get('ns') : undefined
    if (typeof text !== 'string')
      return fail('IDLFailedToParse', "BSON field 'bulkWrite.nsInfo.ns' is missing but a required field")
    const dot = text.indexOf('.')
    const namespace = { db: text.slice(0, Math.max(0, dot)), name: dot < 0 ? '' : text.slice(dot + 1) }
    checkName(namespace)
    return namespace
  })
}

function operationOf(given: Value, known: readonly Namespace[]): Operation {
  if (!isDoc(given))
    return fail(
      'TypeMismatch',
      `BSON field 'bulkWrite.ops' is the wrong type '${typeName(given)}', expected type 'object'`,
    )
  const kind = given.firstKey() as keyof typeof kinds
  if (!Object.hasOwn(kinds, kind))
    return fail('IDLFailedToParse', `BSON field 'bulkWrite.ops' has no operation of a known kind`)
  const unknown = given.keys().find((key) => !(kinds[kind] as readonly string[]).includes(key))
  if (unknown) fail('IDLUnknownField', `BSON field 'bulkWrite.${kind}.${unknown}' is an unknown field.`)
  const at = given.get(kind)
  const namespace = isNumeric(at) ? known[toDouble(at)] : undefined
  return namespace
    ? { kind, namespace, given }
    : fail('BadValue', `BulkWrite ops entry has an invalid nsInfo index.`)
}

function requiredDoc(given: Doc, field: string): Doc {
  const value = given.get(field)
  return isDoc(value)
    ? value
    : fail('IDLFailedToParse', `BSON field 'bulkWrite.${field}' is missing but a required field`)
}

function runOperation({ kind, namespace, given }: Operation, request: Request, totals: Totals): Result {
  refuseView(request.engine.find(namespace))
  const validated = !flag(request, 'bypassDocumentValidation')
  const variables = request.body.get('let')
  if (kind === 'insert') {
    const document = requiredDoc(given, 'document')
    insertOne(
      request.engine.find(namespace) ?? request.engine.create(namespace),
      document,
      request,
      validated,
    )
    totals.nInserted++
    return { n: 1 }
  }
  const [filter, multi, hint, collation] = [
    requiredDoc(given, 'filter'),
    truthyFlag(given.get('multi')),
    given.get('hint'),
    given.get('collation'),
  ]
  if (kind === 'delete') {
    const n = runDelete({ filter, multi, hint, collation, variables }, namespace, request)
    totals.nDeleted += n
    return { n }
  }
  const filters = given.get('arrayFilters')
  const update =
    given.get('updateMods') ??
    fail('IDLFailedToParse', "BSON field 'bulkWrite.updateMods' is missing but a required field")
  const statement = {
    filter,
    update,
    multi,
    hint,
    collation,
    variables,
    validated,
    upsert: truthyFlag(given.get('upsert')),
    arrayFilters: Array.isArray(filters) ? filters : null,
    sort: given.get('sort'),
    constants: given.get('constants'),
  }
  const { matched, modified, upserted } = runUpdate(statement, namespace, request)
  totals.nMatched += matched
  totals.nModified += modified
  if (upserted === undefined) return { n: matched, nModified: modified }
  totals.nUpserted++
  return { n: 1, nModified: 0, upserted }
}

function succeeded(index: number, result: Result): Doc {
  return Doc.of({
    ok: 1,
    idx: int(index),
    n: int(result.n),
    nModified: result.nModified === undefined ? undefined : int(result.nModified),
    upserted: result.upserted === undefined ? undefined : Doc.of({ _id: result.upserted }),
  })
}

function failedResult(index: number, error: ServerError): Doc {
  return Doc.of({
    ok: 0,
    idx: int(index),
    code: int(error.code),
    errmsg: error.message,
    ...errorFields(error),
    n: int(0),
  })
}

function run(request: Request): Doc {
  const given = optionalList(request, 'ops')
  if (!given) return fail('IDLFailedToParse', "BSON field 'bulkWrite.ops' is missing but a required field")
  if (given.length === 0 || given.length > 100_000)
    fail('InvalidLength', `Write batch sizes must be between 1 and 100000. Got ${given.length} operations.`)
  const known = namespaces(request)
  const operations = given.map((operation) => operationOf(operation, known))
  if (
    request.body.has('txnNumber') &&
    operations.some((operation) => truthyFlag(operation.given.get('multi')))
  )
    fail('InvalidOptions', 'Cannot use retryable writes with multi=true')
  const [ordered, errorsOnly] = [flag(request, 'ordered', true), flag(request, 'errorsOnly')]
  const totals: Totals = { nErrors: 0, nInserted: 0, nMatched: 0, nModified: 0, nUpserted: 0, nDeleted: 0 }
  const results: Doc[] = []
  for (const [index, operation] of operations.entries()) {
    try {
      const result = runOperation(operation, request, totals)
      if (!errorsOnly) results.push(succeeded(index, result))
    } catch (error) {
      if (!(error instanceof ServerError)) throw error
      totals.nErrors++
      results.push(failedResult(index, error))
      if (ordered) break
    }
  }
  const size = optionalDoc(request, 'cursor')?.get('batchSize')
  const batchSize = isNumeric(size) ? toDouble(size) : Number.POSITIVE_INFINITY
  const reply = request.cursors.start({ db: 'admin', name: '$cmd.bulkWrite' }, fromArray(results), {
    batchSize,
  })
  for (const [name, total] of Object.entries(totals)) reply.set(name, int(total))
  return reply
}

/** Many writes to many collections in one command. */
export const bulkWrite: Command = {
  fields: ['ops', 'nsInfo', 'ordered', 'errorsOnly', 'bypassDocumentValidation', 'let', 'cursor'],
  writes: true,
  adminOnly: true,
  run,
}
