import { Doc, isDoc } from '../../bson/doc.ts'
import { typeName, type Value } from '../../bson/value.ts'
import { fail } from '../../errors.ts'
import type { Evaluate, OperatorFactory } from '../scope.ts'
import { isNullish } from '../values.ts'
import { operandsOf } from './arguments.ts'

const mergeObjects: OperatorFactory = (operand, scope, compile) => {
  const parts = operandsOf(operand).map((part) => compile(part, scope))
  return (root) => {
    const result = new Map<string, Value>()
    const add = (value: ReturnType<Evaluate>): void => {
      if (isNullish(value)) return
      if (!isDoc(value))
        fail(40400, `$mergeObjects requires object inputs, but input is of type ${typeName(value)}`)
      for (const [key, inner] of (value as Doc).entries()) result.set(key, inner)
    }
    for (const evaluate of parts) {
      const value = evaluate(root)
      if (parts.length === 1 && Array.isArray(value)) for (const each of value) add(each)
      else add(value)
    }
    return new Doc(result)
  }
}

/** Names of fields in these operators are constants. */
function constantName(value: Value | undefined, name: string): string {
  const literal = isDoc(value) && value.firstKey() === '$literal' ? value.get('$literal') : value
  if (typeof literal !== 'string')
    return fail(5654602, `${name} requires 'field' to evaluate to a constant string`)
  if (literal === value && literal.startsWith('$'))
    return fail(5654600, `${name} requires 'field' to evaluate to a constant, not a field path`)
  return literal
}

const getField: OperatorFactory = (operand, scope, compile, name) => {
  const isLong = isDoc(operand) && operand.has('field')
  const field = constantName(isLong ? operand.get('field') : operand, name)
  const input = isLong ? operand.get('input') : undefined
  const source = input === undefined ? (root: Doc) => root : compile(input, scope)
  return (root) => {
    const value = source(root)
    if (isNullish(value)) return value === undefined ? undefined : null
    return isDoc(value) ? value.get(field) : undefined
  }
}

const setField: OperatorFactory = (operand, scope, compile, name) => {
  if (!isDoc(operand)) return fail(4161100, `${name} only supports an object as its argument`)
  const field = constantName(operand.get('field'), name)
  const [input, value] = [operand.get('input'), operand.get('value')]
  if (input === undefined) return fail(4161109, `${name} requires 'input' to be specified`)
  if (value === undefined && name === '$setField') fail(4161102, `${name} requires 'value' to be specified`)
  const source = compile(input, scope)
  const next = name === '$unsetField' ? () => undefined : compile(value as Value, scope)
  return (root) => {
    const object = source(root)
    if (isNullish(object)) return null
    if (!isDoc(object)) return fail(4161105, `${name} requires 'input' to evaluate to type Object`)
    const result = object.copy()
    const inner = next(root)
    if (inner === undefined) result.delete(field)
    else result.set(field, inner)
    return result
  }
}

export const objectOperators: Record<string, OperatorFactory> = {
  $mergeObjects: mergeObjects,
  $getField: getField,
  $setField: setField,
  $unsetField: setField,
}
