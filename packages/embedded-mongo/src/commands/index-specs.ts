import { Int32 } from 'bson'
import { emptyScope } from '../aggregate/expression.ts'
import { Doc, isDoc } from '../bson/doc.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import { typeName, type Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { parseFilter } from '../query/filter.ts'
import { shellText } from '../storage/shell-text.ts'
import type { Request } from './request.ts'

const specFields = new Set([
  'v',
  'key',
  'name',
  'unique',
  'sparse',
  'background',
  'expireAfterSeconds',
  'partialFilterExpression',
  'hidden',
  'collation',
  'ns',
  'storageEngine',
  'prepareUnique',
  'clustered',
])

const nameFor = (key: Doc): string =>
  [...key.entries()].map(([path, way]) => `${path}_${isNumeric(way) ? toDouble(way) : way}`).join('_')

function checkKey(key: Doc): void {
  if (key.size === 0) fail('CannotCreateIndex', 'Index keys cannot be empty.')
  if (key.size > 32) fail('CannotCreateIndex', 'Index key pattern cannot have more than 32 fields')
  for (const [path, way] of key.entries()) {
    if (path.includes('$**') || typeof way === 'string')
      fail(
        'CannotCreateIndex',
        `Index type '${typeof way === 'string' ? way : 'wildcard'}' is not supported by this server`,
      )
    if (!isNumeric(way))
      fail(
        'CannotCreateIndex',
        `Values in v:2 index key pattern cannot be of type ${typeName(way)}. Only numbers > 0, numbers < 0, and strings are allowed.`,
      )
    if (toDouble(way as number) === 0 || Number.isNaN(toDouble(way as number)))
      fail('CannotCreateIndex', 'Values in the index key pattern cannot be 0.')
    if (path === '' || path.split('.').includes(''))
      fail('CannotCreateIndex', 'Index keys cannot be an empty field.')
    if (path.split('.').some((part) => part.startsWith('$')))
      fail('CannotCreateIndex', `Index key contains an illegal field name: field name starts with '$'.`)
  }
}

function checkOptions(spec: Doc, key: Doc): void {
  const unknown = spec.keys().find((field) => !specFields.has(field))
  if (unknown)
    fail(
      'InvalidIndexSpecificationOption',
      `The field '${unknown}' is not valid for an index specification. Specification: ${shellText(spec)}`,
    )
  const expiry = spec.get('expireAfterSeconds')
  if (expiry !== undefined) {
    if (!isNumeric(expiry))
      fail(
        'CannotCreateIndex',
        "TTL index 'expireAfterSeconds' option must be numeric, but received a type of string",
      )
    const seconds = toDouble(expiry as number)
    if (seconds < 0 || seconds > 2147483647)
      fail('CannotCreateIndex', `TTL index 'expireAfterSeconds' option must be within an acceptable range`)
    if (key.size > 1)
      fail('CannotCreateIndex', 'TTL indexes are single-field indexes, compound indexes do not support TTL')
    if (key.firstKey() === '_id')
      fail('CannotCreateIndex', "The field 'expireAfterSeconds' is not valid for an _id index specification")
  }
  const partial = spec.get('partialFilterExpression')
  if (partial !== undefined && !isDoc(partial))
    fail('CannotCreateIndex', "'partialFilterExpression' for an index has to be a document")
  if (isDoc(partial)) {
    checkPartial(partial)
    parseFilter(partial, { collator: null, scope: emptyScope() })
    if (spec.get('sparse') === true)
      fail('CannotCreateIndex', 'cannot mix "partialFilterExpression" and "sparse" options')
  }
  const collation = spec.get('collation')
  if (isDoc(collation) && collation.get('locale') !== 'simple')
    fail('CannotCreateIndex', 'indexes with a collation are not supported by this server')
}

const partialOperators = ['$eq', '$exists', '$gt', '$gte', '$lt', '$lte', '$type', '$and', '$or', '$in']

function checkPartial(filter: Doc): void {
  for (const [key, value] of filter.entries()) {
    if (key.startsWith('$') && !partialOperators.includes(key))
      fail('CannotCreateIndex', `unsupported expression in partial index: ${key}`)
    if (key === '$exists' && value === false)
      fail('CannotCreateIndex', 'unsupported expression in partial index: $not')
    for (const inner of Array.isArray(value) ? value : [value])
      if (isDoc(inner) && key !== '$eq') checkPartial(inner)
  }
}

/** A specification as it is kept and listed; throws for one that the server refuses. */
export function normalised(given: Value, request: Request): Doc {
  if (!isDoc(given))
    return fail(
      'TypeMismatch',
      `BSON field '${request.name}.indexes' is the wrong type, expected type 'object'`,
    )
  const key = given.get('key')
  if (!isDoc(key))
    return fail('FailedToParse', "The 'key' field is a required property of an index specification")
  checkKey(key)
  const name = given.get('name') ?? nameFor(key)
  if (typeof name !== 'string') return fail('TypeMismatch', "The field 'name' must be a string")
  if (name === '') fail('CannotCreateIndex', 'index name cannot be empty')
  if (name === '*') fail('BadValue', "The index name '*' is not valid.")
  checkOptions(given, key)
  const spec = Doc.of({ v: new Int32(2), key, name })
  const skipped = ['v', 'key', 'name', 'ns', 'background', 'collation']
  for (const [field, value] of given.entries()) {
    const isOff = (field === 'unique' || field === 'sparse' || field === 'hidden') && value === false
    if (!skipped.includes(field) && !isOff) spec.set(field, value)
  }
  return spec
}
