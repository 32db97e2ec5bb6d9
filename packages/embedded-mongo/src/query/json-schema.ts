import type { Doc } from '../bson/doc.ts'
import { fail } from '../errors.ts'
export function compileJsonSchema(_schema: Doc): (doc: Doc) => boolean {
  return fail('NotImplemented', '$jsonSchema')
}
