import { Int32 } from 'bson'
import { isDoc } from '../../bson/doc.ts'
import type { Value } from '../../bson/value.ts'
import { fail } from '../../errors.ts'
import { compareValues } from '../../query/compare.ts'
import type { Evaluate, OperatorFactory } from '../scope.ts'
import { isNullish, truthy } from '../values.ts'
import { computed, operandsOf } from './arguments.ts'

const comparing = (accept: (order: number) => Value): OperatorFactory =>
  computed(2, 2, ([a, b]) => accept(compareValues(a, b)))

const cond: OperatorFactory = (operand, scope, compile) => {
  const parts = isDoc(operand) ? ['if', 'then', 'else'].map((key) => operand.get(key)) : operandsOf(operand)
  if (isDoc(operand)) {
    const unknown = operand.keys().find((key) => !['if', 'then', 'else'].includes(key))
    if (unknown) fail(17083, `Unrecognized parameter to $cond: ${unknown}`)
  }
  const missing = parts.indexOf(undefined)
  if (parts.length !== 3)
    fail(16020, `Expression $cond takes exactly 3 arguments. ${parts.length} were passed in.`)
  if (missing >= 0) fail(17080 + missing, `Missing '${['if', 'then', 'else'][missing]}' parameter to $cond`)
  const [condition, then, otherwise] = parts.map((part) => compile(part as Value, scope)) as [
    Evaluate,
    Evaluate,
    Evaluate,
  ]
  return (root) => (truthy(condition(root)) ? then(root) : otherwise(root))
}

const ifNull: OperatorFactory = (operand, scope, compile) => {
  const parts = operandsOf(operand)
  if (parts.length < 2) fail(1257300, `$ifNull needs at least two arguments, had: ${parts.length}`)
  const evaluates = parts.map((part) => compile(part, scope))
  return (root) => {
    for (const evaluate of evaluates.slice(0, -1)) {
      const value = evaluate(root)
      if (!isNullish(value)) return value
    }
    return (evaluates.at(-1) as Evaluate)(root)
  }
}

const switchOperator: OperatorFactory = (operand, scope, compile) => {
  if (!isDoc(operand)) return fail(40060, '$switch requires an object as an argument')
  const branches = operand.get('branches')
  if (!Array.isArray(branches) || branches.length === 0)
    return fail(40068, '$switch requires at least one branch.')
  const cases = branches.map((branch) => {
    if (!isDoc(branch)) return fail(40062, '$switch expected each branch to be an object')
    const [when, then] = [branch.get('case'), branch.get('then')]
    if (when === undefined) return fail(40064, "$switch requires each branch have a 'case' expression")
    if (then === undefined) return fail(40065, "$switch requires each branch have a 'then' expression.")
    return { when: compile(when, scope), result: compile(then, scope) }
  })
  const given = operand.get('default')
  const fallback = given === undefined ? null : compile(given, scope)
  return (root) => {
    const found = cases.find(({ when }) => truthy(when(root)))
    if (found) return found.result(root)
    return fallback
      ? fallback(root)
      : fail(40066, '$switch could not find a matching branch for an input, and no default was specified.')
  }
}

const letOperator: OperatorFactory = (operand, scope, compile) => {
  if (!isDoc(operand)) return fail(16874, '$let only supports an object as its argument')
  const [vars, body] = [operand.get('vars'), operand.get('in')]
  if (!isDoc(vars)) return fail(16876, "Missing 'vars' parameter to $let")
  if (body === undefined) return fail(16877, "Missing 'in' parameter to $let")
  const inner = new Map(scope)
  const sets = [...vars.entries()].map(([name, value]) => {
    if (!/^[a-z\u0080-\uffff]/.test(name) && name !== 'CURRENT')
      fail('FailedToParse', `'${name}' starts with an invalid character for a user variable name`)
    const slot = { value: undefined as ReturnType<Evaluate> }
    inner.set(name, slot)
    return { slot, evaluate: compile(value, scope) }
  })
  const result = compile(body, inner)
  return (root) => {
    const values = sets.map(({ evaluate }) => evaluate(root))
    sets.forEach(({ slot }, i) => {
      slot.value = values[i]
    })
    return result(root)
  }
}

const logical =
  (stopsAt: boolean): OperatorFactory =>
  (operand, scope, compile) => {
    const parts = operandsOf(operand).map((part) => compile(part, scope))
    return (root) => {
      for (const evaluate of parts) if (truthy(evaluate(root)) === stopsAt) return stopsAt
      return !stopsAt
    }
  }

export const conditionalOperators: Record<string, OperatorFactory> = {
  $eq: comparing((order) => order === 0),
  $ne: comparing((order) => order !== 0),
  $gt: comparing((order) => order > 0),
  $gte: comparing((order) => order >= 0),
  $lt: comparing((order) => order < 0),
  $lte: comparing((order) => order <= 0),
  $cmp: comparing((order) => new Int32(Math.sign(order))),
  $cond: cond,
  $ifNull: ifNull,
  $switch: switchOperator,
  $let: letOperator,
  $and: logical(false),
  $or: logical(true),
  $not: computed(1, 1, ([value]) => !truthy(value)),
  $literal: (operand) => () => operand,
  $expr: (operand, scope, compile) => compile(operand, scope),
  $rand: (operand) => {
    if (!(isDoc(operand) && operand.size === 0) && !(Array.isArray(operand) && operand.length === 0))
      fail(3040501, '$rand does not currently accept arguments')
    return () => Math.random()
  },
  $meta: () => fail('BadValue', 'query requires text score metadata, but it is not available'),
}
