import type { Scope } from '../aggregate/expression.ts'
import type { Doc } from '../bson/doc.ts'
import type { Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
export function updatePipeline(_stages: Value[], _scope: Scope): (doc: Doc) => Doc {
  return fail('NotImplemented', 'pipeline')
}
