import type { Doc } from '../bson/doc.ts'
import type { Maybe, Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
export type Scope = { readonly variables: ReadonlyMap<string, Maybe> }
export const emptyScope = (): Scope => ({ variables: new Map() })
export function compileExpression(_value: Value, _scope: Scope): (doc: Doc) => Maybe {
  return fail('NotImplemented', 'expressions')
}
export const scopeWith = (values: Record<string, Maybe>, base?: Scope): Scope => ({
  variables: new Map([...(base?.variables ?? []), ...Object.entries(values)]),
})
