import { Doc, isDoc } from '../bson/doc.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import type { Maybe, Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { parseFilter } from '../query/filter.ts'
import type { Collection, Namespace } from '../storage/collection.ts'
import { parseUpdate, type Update } from '../update/update.ts'
import { modifyRow, type Selection, selectRecords, selectRows, upsert } from './modify-one.ts'
import { contextOf } from './query-options.ts'
import { type Command, flag, int, namespaceOf, optionalList, type Request } from './request.ts'
import { type WriteError, writeErrors, writeReply } from './write-errors.ts'

export type UpdateStatement = {
  readonly filter: Doc
  readonly update: Value
  readonly multi: boolean
  readonly upsert: boolean
  readonly arrayFilters: Value[] | null
  readonly collation: Maybe
  readonly hint: Maybe
  readonly sort: Maybe
  readonly constants: Maybe
  readonly variables: Maybe
  readonly validated: boolean
}

export type UpdateResult = { matched: number; modified: number; upserted: Value | undefined }

const statementFields = new Set([
  'q',
  'u',
  'c',
  'multi',
  'upsert',
  'arrayFilters',
  'collation',
  'hint',
  'sort',
  'upsertSupplied',
  'sampleId',
  'allowShardKeyUpdatesWithoutFullShardKeyInQuery',
])

export const truthyFlag = (value: Maybe): boolean =>
  value === true || (isNumeric(value) && toDouble(value) !== 0)

/** Compiles one update; what is wrong with it is told before anything is changed. */
export function prepareUpdate(
  statement: UpdateStatement,
  request: Request,
): { selection: Selection; update: Update } {
  const variables = statement.constants ?? statement.variables
  if (statement.constants !== undefined && !Array.isArray(statement.update))
    fail(51198, 'Constant values may only be specified for pipeline updates')
  const context = contextOf(request, statement.collation, variables)
  const filter = parseFilter(statement.filter, context)
  const update = parseUpdate(statement.update, statement.arrayFilters, {
    ...context,
    nowMs: Date.now(),
    clusterTime: () => request.clock.tick(),
  })
  if (statement.multi && update.kind === 'replacement')
    fail('FailedToParse', 'multi update is not supported for replacement-style update')
  if (statement.sort !== undefined && statement.multi)
    fail('FailedToParse', 'Cannot specify sort with multi=true')
  if (statement.sort !== undefined && !isDoc(statement.sort))
    fail('TypeMismatch', "BSON field 'update.updates.sort' is the wrong type, expected type 'object'")
  const sort = isDoc(statement.sort) && statement.sort.size ? statement.sort : undefined
  const selection = {
    filter,
    filterDoc: statement.filter,
    hint: statement.hint ?? undefined,
    sort,
    collator: context.collator,
  }
  return { selection, update }
}

/** Runs one update statement. A multi-update that fails half way keeps what it has done, as the server does. */
export function runUpdate(statement: UpdateStatement, namespace: Namespace, request: Request): UpdateResult {
  const { selection, update } = prepareUpdate(statement, request)
  const existing = request.engine.find(namespace)
  if (!existing && !statement.upsert) return { matched: 0, modified: 0, upserted: undefined }
  const collection = existing ?? request.engine.create(namespace)
  const result = statement.multi
    ? updateMany(collection, selection, update, statement.validated, request)
    : updateFirst(collection, selection, update, statement.validated, request)
  if (result.matched > 0 || !statement.upsert) return result
  const made = upsert(collection, selection, update, statement.validated)
  return { matched: 0, modified: 0, upserted: made.get('_id') }
}

function updateFirst(
  collection: Collection,
  selection: Selection,
  update: Update,
  validated: boolean,
  request: Request,
): UpdateResult {
  const [row] = selectRows(collection, selection, 1, request)
  if (!row) return { matched: 0, modified: 0, upserted: undefined }
  const { changed } = modifyRow(collection, row, update, selection.filter, validated)
  return { matched: 1, modified: changed ? 1 : 0, upserted: undefined }
}

function updateMany(
  collection: Collection,
  selection: Selection,
  update: Update,
  validated: boolean,
  request: Request,
): UpdateResult {
  let modified = 0
  const records = selectRecords(collection, selection, request)
  for (const record of records) {
    const bytes = collection.document(record) as Buffer
    if (modifyRow(collection, { record, bytes }, update, selection.filter, validated).changed) modified++
  }
  return { matched: records.length, modified, upserted: undefined }
}

function statementOf(value: Value, request: Request): UpdateStatement {
  if (!isDoc(value))
    return fail('TypeMismatch', "BSON field 'update.updates' is the wrong type, expected type 'object'")
  const unknown = value.keys().find((key) => !statementFields.has(key))
  if (unknown) fail('IDLUnknownField', `BSON field 'update.updates.${unknown}' is an unknown field.`)
  const [filter, update] = [value.get('q'), value.get('u')]
  if (!isDoc(filter))
    return fail('IDLFailedToParse', "BSON field 'update.updates.q' is missing but a required field")
  if (update === undefined)
    return fail('IDLFailedToParse', "BSON field 'update.updates.u' is missing but a required field")
  const filters = value.get('arrayFilters')
  if (filters !== undefined && !Array.isArray(filters))
    fail('TypeMismatch', "BSON field 'update.updates.arrayFilters' is the wrong type, expected type 'array'")
  return {
    filter,
    update,
    multi: truthyFlag(value.get('multi')),
    upsert: truthyFlag(value.get('upsert')),
    arrayFilters: (filters as Value[] | undefined) ?? null,
    collation: value.get('collation'),
    hint: value.get('hint'),
    sort: value.get('sort'),
    constants: value.get('c'),
    variables: request.body.get('let'),
    validated: !flag(request, 'bypassDocumentValidation'),
  }
}

function run(request: Request): Doc {
  const statements = optionalList(request, 'updates')
  if (!statements)
    return fail('IDLFailedToParse', "BSON field 'update.updates' is missing but a required field")
  if (statements.length === 0 || statements.length > 100_000)
    fail(
      'InvalidLength',
      `Write batch sizes must be between 1 and 100000. Got ${statements.length} operations.`,
    )
  const namespace = namespaceOf(request)
  const parsed = statements.map((value) => statementOf(value, request))
  if (request.body.has('txnNumber') && parsed.some(({ multi }) => multi))
    fail('InvalidOptions', 'Cannot use retryable writes with multi=true')
  const ordered = flag(request, 'ordered', true)
  const errors: WriteError[] = []
  const upserted: Value[] = []
  let [matched, modified] = [0, 0]
  for (const [index, statement] of parsed.entries()) {
    try {
      const result = runUpdate(statement, namespace, request)
      matched += result.matched
      modified += result.modified
      if (result.upserted !== undefined) upserted.push(Doc.of({ index: int(index), _id: result.upserted }))
    } catch (error) {
      errors.push(...writeErrors(index, error))
      if (ordered) break
    }
  }
  const n = int(matched + upserted.length)
  return writeReply({ n, upserted: upserted.length ? upserted : undefined, nModified: int(modified) }, errors)
}

export const update: Command = {
  fields: ['updates', 'ordered', 'bypassDocumentValidation', 'let', 'rawData'],
  writes: true,
  run,
}
