import { Doc, isDoc } from '../bson/doc.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import type { Maybe, Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { parseFilter } from '../query/filter.ts'
import type { Namespace } from '../storage/collection.ts'
import { selectRecords, selectRows } from './modify-one.ts'
import { contextOf } from './query-options.ts'
import { type Command, flag, int, namespaceOf, optionalList, type Request } from './request.ts'
import { type WriteError, writeErrors, writeReply } from './write-errors.ts'

export type DeleteStatement = {
  readonly filter: Doc
  readonly multi: boolean
  readonly collation: Maybe
  readonly hint: Maybe
  readonly variables: Maybe
}

const statementFields = new Set(['q', 'limit', 'collation', 'hint', 'sampleId'])

/** Runs one delete statement; answers with how many documents went. */
export function runDelete(statement: DeleteStatement, namespace: Namespace, request: Request): number {
  const context = contextOf(request, statement.collation, statement.variables)
  const filter = parseFilter(statement.filter, context)
  const selection = {
    filter,
    filterDoc: statement.filter,
    hint: statement.hint ?? undefined,
    sort: undefined,
    collator: context.collator,
  }
  const collection = request.engine.find(namespace)
  if (!collection) return 0
  if (!statement.multi) {
    const [row] = selectRows(collection, selection, 1, request)
    if (row) collection.remove(row.record, Doc.over(row.bytes))
    return row ? 1 : 0
  }
  const records = selectRecords(collection, selection, request)
  for (const record of records) collection.remove(record, Doc.over(collection.document(record) as Buffer))
  return records.length
}

function statementOf(value: Value, request: Request): DeleteStatement {
  if (!isDoc(value))
    return fail('TypeMismatch', "BSON field 'delete.deletes' is the wrong type, expected type 'object'")
  const unknown = value.keys().find((key) => !statementFields.has(key))
  if (unknown) fail('IDLUnknownField', `BSON field 'delete.deletes.${unknown}' is an unknown field.`)
  const filter = value.get('q')
  if (!isDoc(filter))
    return fail('IDLFailedToParse', "BSON field 'delete.deletes.q' is missing but a required field")
  const limit = value.get('limit')
  if (limit === undefined)
    return fail('IDLFailedToParse', "BSON field 'delete.deletes.limit' is missing but a required field")
  const amount = isNumeric(limit) ? toDouble(limit) : Number.NaN
  if (amount !== 0 && amount !== 1)
    fail('FailedToParse', `The limit field in delete objects must be 0 or 1. Got ${amount}`)
  return {
    filter,
    multi: amount === 0,
    collation: value.get('collation'),
    hint: value.get('hint'),
    variables: request.body.get('let'),
  }
}

function run(request: Request): Doc {
  const statements = optionalList(request, 'deletes')
  if (!statements)
    return fail('IDLFailedToParse', "BSON field 'delete.deletes' is missing but a required field")
  if (statements.length === 0 || statements.length > 100_000)
    fail(
      'InvalidLength',
      `Write batch sizes must be between 1 and 100000. Got ${statements.length} operations.`,
    )
  const namespace = namespaceOf(request)
  const parsed = statements.map((value) => statementOf(value, request))
  if (request.body.has('txnNumber') && parsed.some(({ multi }) => multi))
    fail('InvalidOptions', 'Cannot use retryable writes with limit=0')
  const ordered = flag(request, 'ordered', true)
  const errors: WriteError[] = []
  let removed = 0
  for (const [index, statement] of parsed.entries()) {
    try {
      removed += runDelete(statement, namespace, request)
    } catch (error) {
      errors.push(...writeErrors(index, error))
      if (ordered) break
    }
  }
  return writeReply({ n: int(removed) }, errors)
}

export const remove: Command = {
  fields: ['deletes', 'ordered', 'let', 'rawData'],
  writes: true,
  run,
}
