import { fromArray } from '../aggregate/stream.ts'
import { Doc, isDoc } from '../bson/doc.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import type { Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { compareValues } from '../query/compare.ts'
import { type Collection, fullName } from '../storage/collection.ts'
import type { Index } from '../storage/index.ts'
import { shellText } from '../storage/shell-text.ts'
import { normalised } from './index-specs.ts'
import { type Command, collectionFor, int, namespaceOf, optionalDoc, optionalList } from './request.ts'

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
