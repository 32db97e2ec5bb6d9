import { compare, type Doc, NotModelledError, valueAt, withValue } from './documents.ts'
import { evaluate } from './expression.ts'
import { matches } from './matcher.ts'

export type Update = Readonly<Record<string, Doc>> | readonly { readonly $set: Doc }[]

/** The document that an update makes of one that stands, or (with `isInsert`) of what its filter says. */
export function updated(doc: Doc, update: Update, options: { now: Date; isInsert: boolean }): Doc {
  if (Array.isArray(update)) return pipeline(doc, update as readonly { $set: Doc }[], options.now)
  let result = doc
  for (const [operator, fields] of Object.entries(update as Record<string, Doc>)) {
    if (operator === '$setOnInsert' && !options.isInsert) continue
    for (const path in fields) {
      const value = changed(valueAt(result, path), operator, fields[path], options.now)
      result = withValue(result, path, value)
    }
  }
  return result
}

function changed(before: unknown, operator: string, operand: unknown, now: Date): unknown {
  switch (operator) {
    case '$set':
    case '$setOnInsert':
      return operand
    case '$unset':
      return undefined
    case '$inc':
      return ((before as number | undefined) ?? 0) + (operand as number)
    case '$max':
      return before === undefined || compare(before, operand) === -1 ? operand : before
    case '$min':
      return before === undefined || compare(before, operand) === 1 ? operand : before
    case '$push':
      return [...((before as unknown[] | undefined) ?? []), ...eachOf(operand)]
    case '$addToSet': {
      const set = (before as unknown[] | undefined) ?? []
      return [...set, ...eachOf(operand).filter((one) => !set.includes(one))]
    }
    case '$pull':
      return (before as Doc[] | undefined)?.filter((one) => !matches(one, operand as Doc))
    case '$currentDate':
      return now
    default:
      throw new NotModelledError(`the update operator ${operator}`)
  }
}

function eachOf(operand: unknown): readonly unknown[] {
  if (
    operand === null ||
    typeof operand !== 'object' ||
    !('$each' in operand) ||
    Object.keys(operand).length > 1
  )
    throw new NotModelledError('a $push or $addToSet without just $each')
  return operand.$each as unknown[]
}

function pipeline(doc: Doc, stages: readonly { $set: Doc }[], now: Date): Doc {
  let result = doc
  for (const stage of stages) {
    if (!stage.$set || Object.keys(stage).length > 1) throw new NotModelledError('a stage other than $set')
    const before = result
    for (const path in stage.$set) {
      const value = evaluate(stage.$set[path], before, now)
      if (value !== undefined) result = withValue(result, path, value)
    }
  }
  return result
}

/** What an upsert begins with: the equalities of its filter. */
export function upsertBase(filter: Doc): Doc {
  return Object.fromEntries(
    Object.entries(filter).filter(([, value]) => typeof value === 'string' || typeof value === 'number'),
  )
}
