import { ObjectId, Timestamp } from 'bson'
import { Doc, isDoc } from '../bson/doc.ts'
import { encode } from '../bson/encode.ts'
import { maxDocumentBytes } from '../bson/validate.ts'
import { T, typeOf, type Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import type { Collection } from '../storage/collection.ts'
import { type Command, collectionFor, flag, int, namespaceOf, optionalList, type Request } from './request.ts'
import { checkValid } from './validation.ts'
import { type WriteError, writeErrors, writeReply } from './write-errors.ts'

/** What the server does to a document before it stores it: an `_id` in first place, zero timestamps filled. */
function fixed(doc: Doc, request: Request): Doc {
  const first = doc.firstKey()
  const stamps = [...doc.entries()].filter(([key, value]) => key !== '_id' && isZeroTimestamp(value))
  if (first === '_id' && stamps.length === 0) return doc
  const next = new Doc(new Map<string, Value>([['_id', doc.get('_id') ?? new ObjectId()]]))
  for (const [key, value] of doc.entries())
    if (key !== '_id') next.set(key, isZeroTimestamp(value) ? request.clock.tick() : value)
  return next
}

const isZeroTimestamp = (value: Value): boolean =>
  value instanceof Timestamp && value.t === 0 && value.i === 0

/** Refuses what cannot be an `_id`. */
export function checkId(id: Value): void {
  const type = typeOf(id)
  if (type === T.array || type === T.regex || type === T.undefined)
    fail(
      'InvalidIdField',
      `The '_id' value cannot be of type ${type === T.undefined ? 'undefined' : type === T.array ? 'array' : 'regex'}`,
    )
  if (isDoc(id)) {
    const bad = id.keys().find((key) => key.startsWith('$') && !['$ref', '$id', '$db'].includes(key))
    if (bad)
      fail(
        'DollarPrefixedFieldName',
        `_id fields may not contain '$'-prefixed fields: ${bad} is not valid for storage.`,
      )
  }
}

export function insertOne(collection: Collection, given: Doc, request: Request, validated: boolean): void {
  const unread = given.unread()
  const whole = unread && Doc.over(unread.source, unread.start)
  const doc = fixed(given, request)
  checkId(doc.get('_id') as Value)
  const bytes = encode(doc === given && whole ? whole : doc)
  if (bytes.length > maxDocumentBytes)
    fail(
      'BSONObjectTooLarge',
      `object to insert too large. size in bytes: ${bytes.length}, max size: ${maxDocumentBytes}`,
    )
  if (validated) checkValid(collection, doc)
  collection.insert(doc, bytes)
}

function run(request: Request): Doc {
  const documents = optionalList(request, 'documents')
  if (!documents) fail('IDLFailedToParse', "BSON field 'insert.documents' is missing but a required field")
  const list = documents as Value[]
  if (list.length === 0 || list.length > 100_000)
    fail('InvalidLength', `Write batch sizes must be between 1 and 100000. Got ${list.length} operations.`)
  namespaceOf(request)
  const ordered = flag(request, 'ordered', true)
  const validated = !flag(request, 'bypassDocumentValidation')
  const collection = collectionFor(request)
  const errors: WriteError[] = []
  let inserted = 0
  for (const [index, doc] of list.entries()) {
    try {
      if (!isDoc(doc))
        fail(
          'TypeMismatch',
          `BSON field 'insert.documents.${index}' is the wrong type, expected type 'object'`,
        )
      insertOne(collection, doc as Doc, request, validated)
      inserted++
    } catch (error) {
      errors.push(...writeErrors(index, error))
      if (ordered) break
    }
  }
  return writeReply({ n: int(inserted) }, errors)
}

export const insert: Command = {
  fields: ['documents', 'ordered', 'bypassDocumentValidation', 'rawData'],
  writes: true,
  run,
}
