import { compare, type Doc, isSame, NotModelledError, valueAt } from './documents.ts'

export type Filter = Readonly<Record<string, unknown>>

export function matches(doc: Doc, filter: Filter): boolean {
  for (const path in filter) {
    const wanted = filter[path]
    if (path === '$or') {
      if (!(wanted as Filter[]).some((one) => matches(doc, one))) return false
    } else if (path === '$expr') {
      if (!holds(doc, wanted as Filter)) return false
    } else if (path.startsWith('$')) {
      throw new NotModelledError(`the filter operator ${path}`)
    } else if (!matchesValue(valueAt(doc, path), wanted)) return false
  }
  return true
}

function matchesValue(value: unknown, wanted: unknown): boolean {
  if (!isOperators(wanted)) return isSame(value, wanted)
  for (const operator in wanted) if (!matchesOperator(value, operator, wanted[operator])) return false
  return true
}

function isOperators(wanted: unknown): wanted is Filter {
  if (wanted === null || typeof wanted !== 'object' || wanted instanceof Date) return false
  for (const key in wanted) return key.startsWith('$')
  throw new NotModelledError('equality of embedded documents')
}

function matchesOperator(value: unknown, operator: string, operand: unknown): boolean {
  switch (operator) {
    case '$in':
      return (operand as unknown[]).some((one) => isSame(value, one))
    case '$exists':
      return (value !== undefined) === operand
    case '$ne':
      return !isSame(value, operand)
    case '$lt':
      return compare(value, operand) === -1
    case '$lte':
      return (compare(value, operand) ?? 1) <= 0
    case '$gt':
      return compare(value, operand) === 1
    case '$gte':
      return (compare(value, operand) ?? -1) >= 0
    default:
      throw new NotModelledError(`the filter operator ${operator}`)
  }
}

/** `$expr` with comparisons of two fields. */
function holds(doc: Doc, expression: Filter): boolean {
  for (const operator in expression) {
    const operands = expression[operator] as unknown[]
    if (operator === '$or') return operands.some((one) => holds(doc, one as Filter))
    if (operator === '$lt') {
      const [left, right] = operands.map((operand) => valueAt(doc, (operand as string).slice(1)))
      return compare(left, right) === -1
    }
    throw new NotModelledError(`the expression ${operator}`)
  }
  return true
}

/** The ids that a filter names, where it names them. */
export function idsOf(filter: Filter): readonly string[] | null {
  const id = filter._id
  if (typeof id === 'string') return [id]
  if (id !== null && typeof id === 'object' && '$in' in id) return (id as { $in: string[] }).$in
  return null
}
