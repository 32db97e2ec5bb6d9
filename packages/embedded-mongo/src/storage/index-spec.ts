import { emptyScope } from '../aggregate/expression.ts'
import { truthy } from '../aggregate/values.ts'
import { type Doc, isDoc } from '../bson/doc.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import { fail } from '../errors.ts'
import { parseFilter } from '../query/filter.ts'
import type { IndexDefinition } from './index.ts'

/** What a specification that was accepted before means. */
export function readIndexSpec(id: number, spec: Doc): IndexDefinition {
  const key = spec.get('key')
  if (!isDoc(key)) return fail('CannotCreateIndex', 'index specification without a key')
  const filter = spec.get('partialFilterExpression')
  return {
    id,
    name: spec.get('name') as string,
    parts: [...key.entries()].map(([path, direction]) => ({
      path,
      descending: isNumeric(direction) && toDouble(direction) < 0,
    })),
    // One that is being prepared refuses new duplicates already.
    unique: truthy(spec.get('unique')) || truthy(spec.get('prepareUnique')),
    sparse: truthy(spec.get('sparse')),
    partial: isDoc(filter) ? parseFilter(filter, { collator: null, scope: emptyScope() }) : null,
    spec,
  }
}
