import { Int32 } from 'bson'
import { emptyScope } from '../aggregate/expression.ts'
import { fromArray } from '../aggregate/stream.ts'
import { Doc, isDoc } from '../bson/doc.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import { typeName, type Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { compareValues } from '../query/compare.ts'
import { parseFilter } from '../query/filter.ts'
import { type Collection, fullName } from '../storage/collection.ts'
import type { Index } from '../storage/index.ts'
import { shellText } from '../storage/shell-text.ts'
import {
  type Command,
  collectionFor,
  int,
  namespaceOf,
  optionalDoc,
  optionalList,
  type Request,
} from './request.ts'

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

/** A specification as it is kept and listed. */
function normalised(given: Value, request: Request): Doc {
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

const meaning = (spec: Doc): Doc =>
  Doc.of({
    key: spec.get('key'),
    unique: spec.get('unique') ?? false,
    sparse: spec.get('sparse') ?? false,
    partial: spec.get('partialFilterExpression') ?? null,
    expiry: spec.get('expireAfterSeconds') ?? null,
  })

/** The index that is there already; throws where one of the same name or key is another. */
function existing(collection: Collection, spec: Doc): Index | undefined {
  const [name, key] = [spec.get('name') as string, spec.get('key') as Doc]
  const sameName = collection.index(name)
  if (key.size === 1 && key.firstKey() === '_id') return collection.indexes[0]
  if (sameName) {
    if (compareValues(meaning(sameName.spec), meaning(spec)) === 0) return sameName
    fail(
      'IndexKeySpecsConflict',
      `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${shellText(spec)}, existing index: ${shellText(sameName.spec)}`,
    )
  }
  const partial = spec.get('partialFilterExpression') ?? null
  const sameKey = collection.indexes.find(
    (index) =>
      compareValues(index.spec.get('key'), key) === 0 &&
      compareValues(index.spec.get('partialFilterExpression') ?? null, partial) === 0,
  )
  if (sameKey) fail('IndexOptionsConflict', `Index already exists with a different name: ${sameKey.name}`)
  return undefined
}

export const createIndexes: Command = {
  fields: ['indexes', 'commitQuorum', 'ignoreUnknownIndexOptions', 'rawData', 'v'],
  writes: true,
  run(request) {
    const given = optionalList(request, 'indexes')
    if (!given)
      return fail('IDLFailedToParse', "BSON field 'createIndexes.indexes' is missing but a required field")
    if (given.length === 0) fail('BadValue', 'Must specify at least one index to create')
    const specs = given.map((spec) => normalised(spec, request))
    const isNew = !request.engine.find(namespaceOf(request))
    const collection = collectionFor(request)
    const before = collection.indexes.length
    const added: Index[] = []
    try {
      for (const spec of specs)
        if (!existing(collection, spec)) added.push(request.engine.addIndex(collection, spec))
    } catch (error) {
      for (const index of added) request.engine.dropIndex(collection, index)
      throw error
    }
    const note = added.length === 0 ? 'all indexes already exist' : undefined
    return Doc.of({
      numIndexesBefore: int(before),
      numIndexesAfter: int(collection.indexes.length),
      createdCollectionAutomatically: isNew,
      note,
    })
  },
}

export const listIndexes: Command = {
  fields: ['cursor', 'includeBuildUUIDs', 'includeIndexBuildInfo', 'rawData'],
  run(request) {
    const namespace = namespaceOf(request)
    const collection = request.engine.find(namespace)
    if (!collection) return fail('NamespaceNotFound', `ns does not exist: ${fullName(namespace)}`)
    const size = optionalDoc(request, 'cursor')?.get('batchSize')
    const specs = collection.indexes.map(({ spec }) => withoutIdUnique(spec))
    const batchSize = isNumeric(size) ? toDouble(size) : 101
    return request.cursors.start({ db: namespace.db, name: namespace.name }, fromArray(specs), { batchSize })
  },
}

/** The server does not say of the `_id` index that it is unique. */
function withoutIdUnique(spec: Doc): Doc {
  if (spec.get('name') !== '_id_') return spec
  const shown = spec.copy()
  shown.delete('unique')
  return shown
}

function named(collection: Collection, wanted: Value): Index[] {
  if (wanted === '*') return collection.indexes.slice(1)
  if (Array.isArray(wanted)) return wanted.flatMap((name) => named(collection, name))
  if (typeof wanted === 'string') {
    const index = collection.index(wanted)
    return index ? [index] : fail('IndexNotFound', `index not found with name [${wanted}]`)
  }
  if (!isDoc(wanted))
    return fail(
      'TypeMismatch',
      "BSON field 'dropIndexes.index' is the wrong type, expected types '[string, object]'",
    )
  const index = collection.indexes.find(({ spec }) => compareValues(spec.get('key'), wanted) === 0)
  return index ? [index] : fail('IndexNotFound', `can't find index with key: ${shellText(wanted)}`)
}

export const dropIndexes: Command = {
  fields: ['index', 'rawData'],
  writes: true,
  run(request) {
    const namespace = namespaceOf(request)
    const collection = request.engine.find(namespace)
    if (!collection) return fail('NamespaceNotFound', `ns not found ${fullName(namespace)}`)
    const wanted = request.body.get('index')
    if (wanted === undefined)
      return fail('IDLFailedToParse', "BSON field 'dropIndexes.index' is missing but a required field")
    const before = collection.indexes.length
    const indexes = named(collection, wanted)
    if (indexes.some(({ name }) => name === '_id_')) fail('InvalidOptions', 'cannot drop _id index')
    for (const index of indexes) request.engine.dropIndex(collection, index)
    const msg = wanted === '*' ? 'non-_id indexes dropped for collection' : undefined
    return Doc.of({ nIndexesWas: int(before), msg })
  },
}
