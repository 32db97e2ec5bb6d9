import { type Doc, isDoc } from '../../bson/doc.ts'
import { isIntegral, isNumeric, type Numeric, toDouble } from '../../bson/numeric.ts'
import { type Maybe, typeName, type Value } from '../../bson/value.ts'
import { fail } from '../../errors.ts'
import type { Compile, Evaluate, OperatorFactory, Scope } from '../scope.ts'
import { isNullish } from '../values.ts'

/** The operands of an operator, which may stand alone or in an array. */
export function operandsOf(operand: Value): Value[] {
  return Array.isArray(operand) ? operand : [operand]
}

/** An operator that computes from the values of a fixed number of operands. */
export function computed(
  min: number,
  max: number,
  compute: (values: Maybe[], name: string) => Maybe,
): OperatorFactory {
  return (operand, scope, compile, name) => {
    const list = operandsOf(operand)
    if (list.length < min || list.length > max) {
      const wanted = min === max ? `exactly ${min}` : `at least ${min} and no more than ${max}`
      fail(16020, `Expression ${name} takes ${wanted} arguments. ${list.length} were passed in.`)
    }
    const parts = list.map((value) => compile(value, scope))
    if (parts.length === 1) {
      const [only] = parts as [Evaluate]
      return (root) => compute([only(root)], name)
    }
    return (root) =>
      compute(
        parts.map((evaluate) => evaluate(root)),
        name,
      )
  }
}

/** As `computed`, but null as soon as any operand is null or missing. */
export function nullable(
  min: number,
  max: number,
  compute: (values: Value[], name: string) => Maybe,
): OperatorFactory {
  return computed(min, max, (values, name) =>
    values.some(isNullish) ? null : compute(values as Value[], name),
  )
}

/** An operator whose operand is a document of named arguments. */
export function named(
  fields: readonly string[],
  required: readonly string[],
  build: (given: Record<string, Evaluate>, raw: Doc, scope: Scope, compile: Compile) => Evaluate,
): OperatorFactory {
  return (operand, scope, compile, name) => {
    if (!isDoc(operand))
      return fail(
        'FailedToParse',
        `${name} only supports an object as an argument, found ${typeName(operand)}`,
      )
    const unknown = operand.keys().find((key) => !fields.includes(key))
    if (unknown) fail('FailedToParse', `Unrecognized argument to ${name}: ${unknown}`)
    for (const field of required)
      if (!operand.has(field)) fail('FailedToParse', `Missing '${field}' parameter to ${name}`)
    const given: Record<string, Evaluate> = {}
    for (const [key, value] of operand.entries()) given[key] = compile(value, scope)
    return build(given, operand, scope, compile)
  }
}

export function numberOr(value: Maybe, name: string): Numeric {
  return isNumeric(value)
    ? value
    : fail('TypeMismatch', `${name} only supports numeric types, not ${typeName(value)}`)
}

export function wholeOr(value: Maybe, name: string): number {
  if (!isIntegral(value))
    return fail(40097, `${name} requires an integral argument, found a value of type: ${typeName(value)}`)
  return toDouble(value)
}

export function arrayOr(value: Maybe, name: string, code = 28765): Value[] {
  return Array.isArray(value)
    ? value
    : fail(code, `The argument to ${name} must be an array, but was of type: ${typeName(value)}`)
}

export function textOr(value: Maybe, name: string, code = 16702): string {
  return typeof value === 'string'
    ? value
    : fail(code, `${name} requires a string argument, found: ${typeName(value)}`)
}
