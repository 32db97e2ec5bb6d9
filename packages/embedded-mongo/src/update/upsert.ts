import { ObjectId } from 'bson'
import { Doc, isDoc } from '../bson/doc.ts'
import { encode } from '../bson/encode.ts'
import type { Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { isRegex } from '../query/regex.ts'
import { placeToWrite } from './path.ts'

type Equalities = Map<string, Value>

function put(into: Equalities, path: string, value: Value): void {
  for (const known of into.keys()) {
    if (known === path || known.startsWith(`${path}.`) || path.startsWith(`${known}.`))
      fail(
        'NotSingleValueField',
        `cannot infer query fields to set, ${known === path ? `path '${path}' is matched twice` : `both paths '${path}' and '${known}' are matched`}`,
      )
  }
  into.set(path, value)
}

function ofOperators(path: string, operators: Doc, into: Equalities): void {
  for (const [op, value] of operators.entries()) {
    if (op === '$eq') put(into, path, value)
    else if ((op === '$in' || op === '$all') && Array.isArray(value) && value.length === 1) {
      const only = value[0] as Value
      if (!isRegex(only) && !(isDoc(only) && only.firstKey()?.startsWith('$'))) put(into, path, only)
    }
  }
}

/** The equalities that a filter demands, which an upsert puts into the new document. */
function equalities(filter: Doc, into: Equalities): Equalities {
  for (const [key, value] of filter.entries()) {
    if (key === '$and' && Array.isArray(value)) {
      for (const part of value) if (isDoc(part)) equalities(part, into)
    } else if (key === '$or' && Array.isArray(value) && value.length === 1) {
      if (isDoc(value[0])) equalities(value[0], into)
    } else if (!key.startsWith('$')) {
      if (isDoc(value) && value.firstKey()?.startsWith('$') && value.firstKey() !== '$ref')
        ofOperators(key, value, into)
      else if (!isRegex(value)) put(into, key, value)
    }
  }
  return into
}

/** The document that an upsert begins with; of a replacement only the `_id`. */
export function upsertBase(filter: Doc, isReplacement: boolean): Doc {
  const base = Doc.of({})
  for (const [path, value] of equalities(filter, new Map())) {
    if (isReplacement && path !== '_id') continue
    placeToWrite(base, path.split('.')).write(value)
  }
  return Doc.over(encode(base))
}

/** `_id` in the first place, made up where there is none. */
export function withId(doc: Doc): Doc {
  if (doc.firstKey() === '_id') return doc
  const fields = new Map<string, Value>([['_id', doc.get('_id') ?? new ObjectId()]])
  for (const [key, value] of doc.entries()) if (key !== '_id') fields.set(key, value)
  return new Doc(fields)
}
