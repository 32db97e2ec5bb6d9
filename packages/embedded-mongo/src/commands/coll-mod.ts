import { truthy } from '../aggregate/values.ts'
import { Doc } from '../bson/doc.ts'
import { isNumeric } from '../bson/numeric.ts'
import type { Value } from '../bson/value.ts'
import { fail, ServerError } from '../errors.ts'
import { compareValues } from '../query/compare.ts'
import { parseFilter } from '../query/filter.ts'
import { type Collection, fullName } from '../storage/collection.ts'
import type { Index } from '../storage/index.ts'
import { contextOf } from './query-options.ts'
import { type Command, namespaceOf, optionalDoc, optionalText, type Request } from './request.ts'

const alterable = [
  'validator',
  'validationLevel',
  'validationAction',
  'changeStreamPreAndPostImages',
] as const

/** Refuses to make an index unique that is not prepared for it, or that holds duplicates. */
function checkConvertible(collection: Collection, index: Index): void {
  if (!index.spec.has('prepareUnique'))
    fail('InvalidOptions', "Cannot make index unique with 'prepareUnique=false'")
  const shared = index
    .prepared(`SELECT k FROM i${index.id} GROUP BY k HAVING count(*) > 1 ORDER BY k LIMIT 1000`)
    .all() as unknown as [Uint8Array][]
  const violations = shared.map(([key]) => {
    const records = index
      .prepared(`SELECT r FROM i${index.id} WHERE k = ? ORDER BY r`)
      .all(key) as unknown as [number][]
    return Doc.of({
      ids: records.map(([record]) => Doc.over(collection.document(record) as Buffer).get('_id') as Value),
    })
  })
  if (violations.length)
    throw new ServerError(
      'CannotConvertIndexToUnique',
      'Cannot convert the index to unique. Please resolve conflicting documents before running collMod again.',
      { violations },
    )
}

function alterIndex(request: Request, collection: Collection, given: Doc): Doc {
  const [name, key] = [given.get('name'), given.get('keyPattern')]
  const index =
    typeof name === 'string'
      ? collection.index(name)
      : collection.indexes.find(({ spec }) => compareValues(spec.get('key'), key) === 0)
  if (!index)
    return fail('IndexNotFound', `cannot find index ${name ?? ''} for ns ${fullName(collection.namespace)}`)
  const spec = index.spec.copy()
  const reply = Doc.of({})
  const expiry = given.get('expireAfterSeconds')
  if (expiry !== undefined) {
    if (!isNumeric(expiry))
      fail(
        'TypeMismatch',
        "BSON field 'collMod.index.expireAfterSeconds' is the wrong type, expected type 'safeInt64'",
      )
    const before = spec.get('expireAfterSeconds')
    if (before !== undefined) reply.set('expireAfterSeconds_old', before)
    spec.set('expireAfterSeconds', expiry as Value)
    reply.set('expireAfterSeconds_new', expiry as Value)
  }
  const hidden = given.get('hidden')
  if (hidden !== undefined) {
    if (index.name === '_id_') fail('BadValue', "can't hide _id index")
    reply.set('hidden_old', index.hidden).set('hidden_new', hidden)
    if (hidden === true) spec.set('hidden', true)
    else spec.delete('hidden')
  }
  if (given.get('prepareUnique') !== undefined) {
    if (truthy(given.get('prepareUnique'))) spec.set('prepareUnique', true)
    else spec.delete('prepareUnique')
  }
  if (truthy(given.get('unique'))) {
    checkConvertible(collection, index)
    spec.delete('prepareUnique')
    spec.set('unique', true)
    reply.set('unique_new', true)
  }
  request.engine.alterIndex(collection, index, spec)
  return reply
}

export const collMod: Command = {
  fields: ['index', ...alterable, 'dryRun', 'rawData'],
  writes: true,
  run(request) {
    const namespace = namespaceOf(request)
    const collection = request.engine.find(namespace)
    if (!collection) return fail('NamespaceNotFound', `ns does not exist: ${fullName(namespace)}`)
    const validator = optionalDoc(request, 'validator')
    if (validator) parseFilter(validator, contextOf(request, undefined, undefined))
    optionalText(request, 'validationLevel')
    optionalText(request, 'validationAction')
    const index = optionalDoc(request, 'index')
    const reply = index ? alterIndex(request, collection, index) : Doc.of({})
    const options = collection.options.copy()
    for (const field of alterable) {
      const value = request.body.get(field)
      if (value !== undefined) options.set(field, value)
    }
    if (alterable.some((field) => request.body.has(field))) request.engine.alter(collection, options)
    return reply
  },
}
