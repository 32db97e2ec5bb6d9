import { Doc, isDoc } from '../bson/doc.ts'
import type { Maybe, Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { parseFilter } from '../query/filter.ts'
import { parseProjection } from '../query/projection.ts'
import type { Collection } from '../storage/collection.ts'
import { modifyRow, type Selection, selectRows, upsert } from './modify-one.ts'
import { contextOf } from './query-options.ts'
import { type Command, flag, int, namespaceOf, optionalDoc, optionalList, type Request } from './request.ts'
import { prepareUpdate, type UpdateStatement } from './update.ts'

type Outcome = { value: Doc | null; lastErrorObject: Doc }

function statementOf(request: Request): UpdateStatement {
  return {
    filter: optionalDoc(request, 'query') ?? Doc.of({}),
    update: request.body.get('update') as Value,
    multi: false,
    upsert: flag(request, 'upsert'),
    arrayFilters: optionalList(request, 'arrayFilters') ?? null,
    collation: request.body.get('collation'),
    hint: request.body.get('hint'),
    sort: optionalDoc(request, 'sort'),
    constants: undefined,
    variables: request.body.get('let'),
    validated: !flag(request, 'bypassDocumentValidation'),
  }
}

function removeOne(request: Request, collection: Collection | undefined): Outcome {
  const filterDoc = optionalDoc(request, 'query') ?? Doc.of({})
  const context = contextOf(request, request.body.get('collation'), request.body.get('let'))
  const filter = parseFilter(filterDoc, context)
  const sort = optionalDoc(request, 'sort')
  const selection: Selection = {
    filter,
    filterDoc,
    hint: request.body.get('hint'),
    sort: sort?.size ? sort : undefined,
    collator: context.collator,
  }
  const row = collection ? selectRows(collection, selection, 1, request)[0] : undefined
  if (!row) return { value: null, lastErrorObject: Doc.of({ n: int(0) }) }
  collection?.remove(row.record, Doc.over(row.bytes))
  return { value: Doc.over(row.bytes), lastErrorObject: Doc.of({ n: int(1) }) }
}

function updateOne(request: Request): Outcome {
  const statement = statementOf(request)
  const { selection, update } = prepareUpdate(statement, request)
  const namespace = namespaceOf(request)
  const wantsNew = flag(request, 'new')
  const existing = request.engine.find(namespace)
  const row = existing ? selectRows(existing, selection, 1, request)[0] : undefined
  if (existing && row) {
    const { before, after } = modifyRow(existing, row, update, selection.filter, statement.validated)
    const lastErrorObject = Doc.of({ n: int(1), updatedExisting: true })
    return { value: Doc.over(wantsNew ? after : before), lastErrorObject }
  }
  if (!statement.upsert)
    return { value: null, lastErrorObject: Doc.of({ n: int(0), updatedExisting: false }) }
  const made = upsert(existing ?? request.engine.create(namespace), selection, update, statement.validated)
  const lastErrorObject = Doc.of({ n: int(1), updatedExisting: false, upserted: made.get('_id') })
  return { value: wantsNew ? made : null, lastErrorObject }
}

function checkCombination(request: Request, update: Maybe): void {
  if (!flag(request, 'remove')) {
    if (update === undefined) fail('FailedToParse', 'Either an update or remove=true must be specified')
    return
  }
  if (update !== undefined) fail('FailedToParse', 'Cannot specify both an update and remove=true')
  if (flag(request, 'upsert')) fail('FailedToParse', 'Cannot specify both upsert=true and remove=true')
  if (flag(request, 'new'))
    fail(
      'FailedToParse',
      "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
    )
}

function run(request: Request): Doc {
  checkCombination(request, request.body.get('update'))
  const namespace = namespaceOf(request)
  const spec = optionalDoc(request, 'fields')
  const context = spec?.size
    ? contextOf(request, request.body.get('collation'), request.body.get('let'))
    : null
  const project = spec && context ? parseProjection(spec, { context, isFind: true }) : null
  const matches = project
    ? parseFilter(optionalDoc(request, 'query') ?? Doc.of({}), context as NonNullable<typeof context>).matches
    : undefined
  const { value, lastErrorObject } = flag(request, 'remove')
    ? removeOne(request, request.engine.find(namespace))
    : updateOne(request)
  const shown = value && project ? project(value, matches) : value
  return Doc.of({ lastErrorObject, value: isDoc(shown) ? shown : null })
}

export const findAndModify: Command = {
  fields: [
    'query',
    'sort',
    'remove',
    'update',
    'new',
    'fields',
    'upsert',
    'bypassDocumentValidation',
    'collation',
    'arrayFilters',
    'hint',
    'let',
    'rawData',
  ],
  writes: true,
  run,
}
