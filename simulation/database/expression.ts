import { compare, type Doc, NotModelledError, valueAt } from './documents.ts'

/** The few aggregation expressions that updates of reservations use. */
export function evaluate(expression: unknown, doc: Doc, now: Date): unknown {
  if (typeof expression === 'string') {
    if (expression === '$$NOW') return now
    return expression.startsWith('$') ? valueAt(doc, expression.slice(1)) : expression
  }
  if (expression === null || typeof expression !== 'object') return expression
  const [operator, operand] = Object.entries(expression)[0] ?? []
  const values = () => (operand as unknown[]).map((one) => evaluate(one, doc, now))
  switch (operator) {
    case '$toLong':
      return (evaluate(operand, doc, now) as Date).getTime()
    case '$add': {
      const terms = values()
      if (terms.some((term) => term === null || term === undefined)) return null
      return (terms as number[]).reduce((sum, term) => sum + term, 0)
    }
    case '$max':
      return values().reduce((most, one) =>
        compare(most, one) === -1 || most === undefined || most === null ? one : most,
      )
    case '$ifNull':
      return values().find((one) => one !== null && one !== undefined) ?? null
    case '$cond': {
      const [condition, yes, no] = operand as unknown[]
      return evaluate(evaluate(condition, doc, now) ? yes : no, doc, now)
    }
    case '$lte': {
      const [left, right] = values()
      return (compare(left, right) ?? 1) <= 0
    }
    default:
      throw new NotModelledError(`the expression ${operator}`)
  }
}
