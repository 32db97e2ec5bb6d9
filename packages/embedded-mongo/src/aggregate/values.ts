import { isNumeric, toDouble } from '../bson/numeric.ts'
import { bsonUndefined, type Maybe } from '../bson/value.ts'

/** What counts as true: everything but false, null, undefined, missing and zero. */
export function truthy(value: Maybe): boolean {
  if (value === undefined || value === null || value === false || value === bsonUndefined) return false
  return !isNumeric(value) || toDouble(value) !== 0
}

export function isNullish(value: Maybe): value is null | undefined | typeof bsonUndefined {
  return value === undefined || value === null || value === bsonUndefined
}
