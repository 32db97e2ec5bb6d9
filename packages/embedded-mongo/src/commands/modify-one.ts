import { Doc } from '../bson/doc.ts'
import { encode } from '../bson/encode.ts'
import { maxDocumentBytes } from '../bson/validate.ts'
import type { Maybe, Value } from '../bson/value.ts'
import { fail, ServerError } from '../errors.ts'
import { allowsById, idAskedFor } from '../query/by-id.ts'
import { isIdentical } from '../query/compare.ts'
import type { Condition } from '../query/condition.ts'
import { openRows } from '../query/execute.ts'
import type { MatchDetails } from '../query/paths.ts'
import { parseSort } from '../query/sort.ts'
import type { Collection } from '../storage/collection.ts'
import { encodeKey } from '../storage/key-encoding.ts'
import type { Row } from '../storage/scan.ts'
import { shellText } from '../storage/shell-text.ts'
import type { Update } from '../update/update.ts'
import { upsertBase, withId } from '../update/upsert.ts'
import { checkId } from './insert.ts'
import { parseHint, planFor } from './query-options.ts'
import type { Request } from './request.ts'
import { checkValid } from './validation.ts'

export type Selection = {
  readonly filter: Condition
  readonly filterDoc: Doc
  readonly hint: Maybe
  readonly sort: Doc | undefined
  readonly collator: ((a: string, b: string) => number) | null
}

/** The rows a write is about. They are all found before the first is changed, so that none is met twice. */
export function selectRows(
  collection: Collection,
  selection: Selection,
  limit: number,
  request: Request,
): Row[] {
  const { filter, collator } = selection
  const id = collator || !allowsById(selection.hint) ? null : idAskedFor(filter)
  if (id !== null) {
    const found = collection.byId(encodeKey([id]))
    return found && filter.matches(Doc.over(found.bytes)) ? [found] : []
  }
  const sort = selection.sort ? parseSort(selection.sort) : []
  const plan = planFor(collection, filter, sort, parseHint(selection.hint), collator !== null)
  const rows = openRows({
    collection,
    plan,
    filter,
    sort,
    collator,
    skip: 0,
    limit,
    deadlineMs: request.deadlineMs,
  })
  const found: Row[] = []
  for (let row = rows.next(); row !== null; row = rows.next()) found.push(row)
  return found
}

/** Records only, for writes of many documents: their bytes are read again one by one. */
export function selectRecords(collection: Collection, selection: Selection, request: Request): number[] {
  const { filter, collator } = selection
  const plan = planFor(collection, filter, [], parseHint(selection.hint), collator !== null)
  const rows = openRows({
    collection,
    plan,
    filter,
    sort: [],
    collator,
    skip: 0,
    limit: 0,
    deadlineMs: request.deadlineMs,
  })
  const records: number[] = []
  for (let row = rows.next(); row !== null; row = rows.next()) records.push(row.record)
  return records
}

export type Modified = { readonly before: Buffer; readonly after: Buffer; readonly changed: boolean }

/** Applies an update to one stored document. */
export function modifyRow(
  collection: Collection,
  row: Row,
  update: Update,
  filter: Condition,
  validated: boolean,
): Modified {
  const before = Doc.over(row.bytes)
  let matched: number | null = null
  if (update.usesPosition) {
    const details: MatchDetails = { index: null }
    filter.matches(before, details)
    matched = details.index
  }
  const after = update.apply(Doc.over(row.bytes), { inserting: false, matched })
  checkSameId(before.get('_id') as Value, after.get('_id'), update)
  const bytes = encode(after)
  if (bytes.equals(row.bytes)) return { before: row.bytes, after: row.bytes, changed: false }
  if (bytes.length > maxDocumentBytes)
    fail(17419, `Resulting document after update is larger than ${maxDocumentBytes}`)
  if (validated) checkValid(collection, after)
  collection.replace(row.record, before, after, bytes, update.roots)
  return { before: row.bytes, after: bytes, changed: true }
}

function checkSameId(before: Value, after: Maybe, update: Update): void {
  if (isIdentical(before, after)) return
  if (
    after !== undefined &&
    update.kind !== 'operators' &&
    encodeKey([before]).equals(encodeKey([after])) &&
    isIdentical(before, after)
  )
    return
  if (update.kind === 'operators')
    fail('ImmutableField', "Performing an update on the path '_id' would modify the immutable field '_id'")
  fail(
    'ImmutableField',
    `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${shellText(after)}`,
  )
}

/** Inserts what an update makes of the filter's equalities. */
export function upsert(
  collection: Collection,
  selection: Selection,
  update: Update,
  validated: boolean,
  given?: Doc,
): Doc {
  const base = upsertBase(selection.filterDoc, update.kind === 'replacement')
  const id = base.get('_id')
  const made = withId(given ?? update.apply(base, { inserting: true, matched: null }))
  if (id !== undefined && !isIdentical(id, made.get('_id')))
    throw new ServerError(
      'ImmutableField',
      update.kind === 'operators'
        ? "Performing an update on the path '_id' would modify the immutable field '_id'"
        : `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${shellText(made.get('_id'))}`,
    )
  checkId(made.get('_id') as Value)
  const bytes = encode(made)
  if (bytes.length > maxDocumentBytes) fail(17420, `Document to upsert is larger than ${maxDocumentBytes}`)
  if (validated) checkValid(collection, made)
  collection.insert(made, bytes)
  return Doc.over(bytes)
}
