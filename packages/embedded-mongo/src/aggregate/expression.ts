import { Doc, isDoc } from '../bson/doc.ts'
import type { Maybe, Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { arithmeticOperators } from './operators/arithmetic.ts'
import { arrayOperators } from './operators/array.ts'
import { arrayBuilders } from './operators/array-build.ts'
import { conditionalOperators } from './operators/conditional.ts'
import { conversionOperators } from './operators/conversion.ts'
import { dateOperators } from './operators/date.ts'
import { dateTextOperators } from './operators/date-text.ts'
import { objectOperators } from './operators/object.ts'
import { setOperators } from './operators/set.ts'
import { stringOperators } from './operators/string.ts'
import { summaryOperators } from './operators/summary.ts'
import { trigonometryOperators } from './operators/trigonometry.ts'
import type { Evaluate, OperatorFactory, Scope } from './scope.ts'

export { emptyScope, type Scope, scopeWith } from './scope.ts'

const operators: Record<string, OperatorFactory> = {
  ...arithmeticOperators,
  ...arrayOperators,
  ...arrayBuilders,
  ...conditionalOperators,
  ...conversionOperators,
  ...dateOperators,
  ...dateTextOperators,
  ...objectOperators,
  ...setOperators,
  ...stringOperators,
  ...summaryOperators,
  ...trigonometryOperators,
}

function inArray(values: Value[], parts: readonly string[], at: number): Value[] {
  const found: Value[] = []
  for (const value of values) {
    if (!isDoc(value)) continue
    const inner = valueAlong(value, parts, at)
    if (inner !== undefined) found.push(inner)
  }
  return found
}

/** A field path in an expression: through an array it gives an array of what its documents have. */
export function valueAlong(from: Maybe, parts: readonly string[], at: number): Maybe {
  let value = from
  for (let i = at; i < parts.length; i++) {
    if (Array.isArray(value)) return inArray(value, parts, i)
    if (!isDoc(value)) return undefined
    value = value.get(parts[i] as string)
  }
  return value
}

function checkPath(path: string): string[] {
  const parts = path.split('.')
  if (parts.includes('')) fail(40353, "FieldPath must not end with a '.'.")
  if (parts.some((part) => part.startsWith('$')))
    fail(16410, "FieldPath field names may not start with '$'. Consider using $getField or $setField.")
  return parts
}

function fieldPath(text: string): Evaluate {
  const path = text.slice(1)
  if (path === '') return fail(16872, "'$' by itself is not a valid FieldPath")
  const parts = checkPath(path)
  const [only] = parts
  if (parts.length === 1) return (root) => root.get(only as string)
  return (root) => valueAlong(root, parts, 0)
}

function variable(text: string, scope: Scope): Evaluate {
  const [name, ...rest] = text.slice(2).split('.') as [string, ...string[]]
  if (name === '') return fail(16867, 'empty variable names are not allowed')
  if (rest.length) checkPath(rest.join('.'))
  if (name === 'ROOT' || name === 'CURRENT') {
    const slot = scope.get(name)
    return (root) => valueAlong(slot ? slot.value : root, rest, 0)
  }
  if (name === 'REMOVE') return () => undefined
  if (name === 'DESCEND' || name === 'PRUNE' || name === 'KEEP') return () => name
  const slot = scope.get(name)
  if (!slot) return fail(17276, `Use of undefined variable: ${name}`)
  return rest.length ? () => valueAlong(slot.value, rest, 0) : () => slot.value
}

function object(fields: Doc, scope: Scope): Evaluate {
  const parts = [...fields.entries()].map(([key, value]) => {
    if (key.includes('.'))
      fail(16412, `FieldPath field names may not contain '.'. Consider using $getField or $setField.`)
    return { key, evaluate: compileExpression(value, scope) }
  })
  return (root) => {
    const result = new Map<string, Value>()
    for (const { key, evaluate } of parts) {
      const value = evaluate(root)
      if (value !== undefined) result.set(key, value)
    }
    return new Doc(result)
  }
}

function operation(expression: Doc, name: string, scope: Scope): Evaluate {
  if (expression.size !== 1)
    fail(
      15983,
      `An object representing an expression must have exactly one field: ${[...expression.keys()].join(', ')}`,
    )
  if (name === '$where' || name === '$function' || name === '$accumulator')
    fail('BadValue', `${name} is not allowed: server-side JavaScript is not supported`)
  const factory = Object.hasOwn(operators, name) ? operators[name] : undefined
  if (!factory) return fail('InvalidPipelineOperator', `Unrecognized expression '${name}'`)
  return factory(expression.get(name) as Value, scope, compileExpression, name)
}

/** Compiles an expression; throws the server's errors for what it does not know. */
export function compileExpression(value: Value, scope: Scope): Evaluate {
  if (typeof value === 'string') {
    if (value.startsWith('$$')) return variable(value, scope)
    return value.startsWith('$') ? fieldPath(value) : () => value
  }
  if (Array.isArray(value)) {
    const parts = value.map((part) => compileExpression(part, scope))
    return (root) => parts.map((evaluate) => evaluate(root) ?? null)
  }
  if (!isDoc(value)) return () => value
  const first = value.firstKey()
  if (first === undefined) return () => value
  return first.startsWith('$') ? operation(value, first, scope) : object(value, scope)
}
