import { fromArray } from '../aggregate/stream.ts'
import { Doc } from '../bson/doc.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import { fail } from '../errors.ts'
import { compareValues } from '../query/compare.ts'
import { parseFilter } from '../query/filter.ts'
import { type Collection, fullName, type Namespace } from '../storage/collection.ts'
import { uuidValue } from '../storage/engine.ts'
import { contextOf } from './query-options.ts'
import {
  type Command,
  flag,
  int,
  namespaceOf,
  optionalDoc,
  optionalList,
  optionalText,
  type Request,
} from './request.ts'
import { isView } from './views.ts'

/** Options that are kept with a collection and listed. */
const keptOptions = [
  'validator',
  'validationLevel',
  'validationAction',
  'changeStreamPreAndPostImages',
  'viewOn',
  'pipeline',
] as const
const refusedOptions = [
  'capped',
  'timeseries',
  'clusteredIndex',
  'encryptedFields',
  'expireAfterSeconds',
] as const

function optionsOf(request: Request): Doc {
  for (const option of refusedOptions) {
    const value = request.body.get(option)
    if (value !== undefined && value !== false)
      fail('CommandNotSupported', `create option '${option}' is not supported by this server`)
  }
  const collation = optionalDoc(request, 'collation')
  if (collation && collation.get('locale') !== 'simple')
    fail('CommandNotSupported', 'collections with a default collation are not supported by this server')
  optionalText(request, 'viewOn')
  optionalList(request, 'pipeline')
  const validator = optionalDoc(request, 'validator')
  if (validator) parseFilter(validator, contextOf(request, undefined, undefined))
  const options = Doc.of({})
  for (const option of keptOptions) {
    const value = request.body.get(option)
    if (value !== undefined) options.set(option, value)
  }
  return options
}

export const create: Command = {
  fields: [
    ...keptOptions,
    ...refusedOptions,
    'autoIndexId',
    'idIndex',
    'size',
    'max',
    'storageEngine',
    'indexOptionDefaults',
    'collation',
    'flags',
    'temp',
    'rawData',
  ],
  writes: true,
  run(request) {
    const namespace = namespaceOf(request)
    const options = optionsOf(request)
    const existing = request.engine.find(namespace)
    if (!existing) request.engine.create(namespace, options)
    else if (compareValues(existing.options, options) !== 0)
      fail('NamespaceExists', `Collection ${fullName(namespace)} already exists.`)
    return Doc.of({})
  },
}

function dropCollection(request: Request, collection: Collection): void {
  request.cursors.killAll(collection.namespace)
  request.engine.drop(collection)
}

export const drop: Command = {
  fields: ['rawData'],
  writes: true,
  run(request) {
    const namespace = namespaceOf(request)
    const collection = request.engine.find(namespace)
    if (!collection) return Doc.of({})
    const nIndexesWas = int(collection.indexes.length)
    dropCollection(request, collection)
    return Doc.of({ nIndexesWas, ns: fullName(namespace) })
  },
}

export const dropDatabase: Command = {
  fields: [],
  writes: true,
  run(request) {
    for (const collection of inDatabase(request)) dropCollection(request, collection)
    return Doc.of({ dropped: request.db })
  },
}

const inDatabase = ({ engine, db }: Request): Collection[] =>
  engine.all().filter(({ namespace }) => namespace.db === db)

function parseNamespace(text: unknown, field: string): Namespace {
  if (typeof text !== 'string')
    return fail(
      'TypeMismatch',
      `BSON field 'renameCollection.${field}' is the wrong type, expected type 'string'`,
    )
  const dot = text.indexOf('.')
  if (dot <= 0) fail('InvalidNamespace', `Invalid namespace specified '${text}'`)
  return { db: text.slice(0, dot), name: text.slice(dot + 1) }
}

export const renameCollection: Command = {
  fields: ['to', 'dropTarget', 'stayTemp', 'rawData'],
  writes: true,
  adminOnly: true,
  run(request) {
    const from = parseNamespace(request.body.get('renameCollection'), 'renameCollection')
    const to = parseNamespace(request.body.get('to'), 'to')
    const collection = request.engine.find(from)
    if (!collection) return fail('NamespaceNotFound', `Source collection ${fullName(from)} does not exist`)
    if (fullName(from) === fullName(to)) fail('IllegalOperation', "Can't rename a collection to itself")
    const target = request.engine.find(to)
    if (target && !flag(request, 'dropTarget')) fail('NamespaceExists', 'target namespace exists')
    if (target) dropCollection(request, target)
    request.cursors.killAll(from)
    request.engine.rename(collection, to)
    return Doc.of({})
  },
}

function described(collection: Collection, nameOnly: boolean): Doc {
  const view = isView(collection)
  const head = { name: collection.namespace.name, type: view ? 'view' : 'collection' }
  if (nameOnly) return Doc.of(head)
  if (view) return Doc.of({ ...head, options: collection.options, info: Doc.of({ readOnly: true }) })
  return Doc.of({
    ...head,
    options: collection.options,
    info: Doc.of({ readOnly: false, uuid: uuidValue(collection) }),
    idIndex: Doc.of({ v: int(2), key: Doc.of({ _id: int(1) }), name: '_id_' }),
  })
}

export const listCollections: Command = {
  fields: ['filter', 'nameOnly', 'authorizedCollections', 'cursor', 'rawData'],
  run(request) {
    const filter = parseFilter(
      optionalDoc(request, 'filter') ?? Doc.of({}),
      contextOf(request, undefined, undefined),
    )
    const nameOnly = flag(request, 'nameOnly')
    const found = inDatabase(request)
      .map((collection) => described(collection, nameOnly))
      .filter((doc) => filter.matches(doc))
    const size = optionalDoc(request, 'cursor')?.get('batchSize')
    const batchSize = isNumeric(size) ? toDouble(size) : Number.POSITIVE_INFINITY
    return request.cursors.start({ db: request.db, name: '$cmd.listCollections' }, fromArray(found), {
      batchSize,
    })
  },
}

export const listDatabases: Command = {
  fields: ['filter', 'nameOnly', 'authorizedDatabases'],
  adminOnly: true,
  run(request) {
    const filter = parseFilter(
      optionalDoc(request, 'filter') ?? Doc.of({}),
      contextOf(request, undefined, undefined),
    )
    const nameOnly = flag(request, 'nameOnly')
    const names = [...new Set(request.engine.all().map(({ namespace }) => namespace.db))].sort()
    const docs = names
      .map((name) =>
        Doc.of({ name, sizeOnDisk: nameOnly ? undefined : 8192n, empty: nameOnly ? undefined : false }),
      )
      .filter((doc) => filter.matches(doc))
    const total = nameOnly ? {} : { totalSize: BigInt(docs.length * 8192), totalSizeMb: 0n }
    return Doc.of({ databases: docs, ...total })
  },
}
