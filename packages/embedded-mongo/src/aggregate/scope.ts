import type { Doc } from '../bson/doc.ts'
import type { Maybe, Value } from '../bson/value.ts'

/** A variable's place. It is set before what reads it is evaluated, so that evaluating makes no environments. */
export type Slot = { value: Maybe }

/** The variables an expression may name, without their `$$`. */
export type Scope = ReadonlyMap<string, Slot>

/** An expression over the document it is evaluated for; `undefined` is a missing value. */
export type Evaluate = (root: Doc) => Maybe

export type Compile = (value: Value, scope: Scope) => Evaluate

/** Makes an operator of its operand. */
export type OperatorFactory = (operand: Value, scope: Scope, compile: Compile, name: string) => Evaluate

export const emptyScope = (): Scope => new Map()

export function scopeWith(values: Record<string, Maybe>, base: Scope = emptyScope()): Scope {
  const scope = new Map(base)
  for (const [name, value] of Object.entries(values)) scope.set(name, { value })
  return scope
}

/** A scope with one more variable, and the place to set it. */
export function withVariable(scope: Scope, name: string): { scope: Scope; slot: Slot } {
  const slot: Slot = { value: undefined }
  return { scope: new Map(scope).set(name, slot), slot }
}
