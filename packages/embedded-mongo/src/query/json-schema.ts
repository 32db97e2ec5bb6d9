import { type Doc, isDoc } from '../bson/doc.ts'
import { compareNumbers, isIntegral, isNumeric, toDouble } from '../bson/numeric.ts'
import { type Maybe, T, typeOf, type Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { equals } from './compare.ts'
import { ofType } from './predicates.ts'

type Check = (value: Value) => boolean

const jsonTypes: Record<string, number[]> = {
  object: [T.object],
  array: [T.array],
  number: [T.double, T.int, T.long, T.decimal],
  boolean: [T.bool],
  string: [T.string],
  null: [T.null],
}

function jsonType(value: Value): Check {
  const types = (Array.isArray(value) ? value : [value]).flatMap(
    (name) =>
      (typeof name === 'string' && jsonTypes[name]) ||
      fail('FailedToParse', `$jsonSchema type '${String(name)}' is not supported`),
  )
  return (found) => types.includes(typeOf(found))
}

const onNumbers = (limit: Value, accept: (order: number) => boolean): Check => {
  if (!isNumeric(limit)) return fail('TypeMismatch', '$jsonSchema limits must be numbers')
  return (found) => !isNumeric(found) || accept(compareNumbers(found, limit))
}

const onLength = (
  limit: Value,
  lengthOf: (value: Value) => number | null,
  accept: (length: number, limit: number) => boolean,
): Check => {
  if (!isIntegral(limit)) return fail('TypeMismatch', '$jsonSchema lengths must be whole numbers')
  const bound = toDouble(limit)
  return (found) => {
    const length = lengthOf(found)
    return length === null || accept(length, bound)
  }
}

const textLength = (value: Value): number | null => (typeof value === 'string' ? [...value].length : null)
const arrayLength = (value: Value): number | null => (Array.isArray(value) ? value.length : null)
const fieldCount = (value: Value): number | null => (isDoc(value) ? value.size : null)
const atLeast = (length: number, limit: number): boolean => length >= limit
const atMost = (length: number, limit: number): boolean => length <= limit

function schemas(value: Value): Check[] {
  if (!Array.isArray(value) || value.length === 0)
    return fail('TypeMismatch', '$jsonSchema needs a non-empty array of schemas here')
  return value.map((each) => schema(each))
}

function properties(value: Value): Check {
  if (!isDoc(value)) return fail('TypeMismatch', "$jsonSchema keyword 'properties' must be an object")
  const checks = [...value.entries()].map(([name, inner]) => ({ name, check: schema(inner) }))
  return (found) =>
    !isDoc(found) ||
    checks.every(({ name, check }) => {
      const field = found.get(name)
      return field === undefined || check(field)
    })
}

function additional(value: Value, whole: Doc): Check {
  const named = whole.get('properties')
  const known = new Set(isDoc(named) ? named.keys() : [])
  const patterns = whole.get('patternProperties')
  const regexes = isDoc(patterns) ? patterns.keys().map((pattern) => new RegExp(pattern)) : []
  const check: Check = value === false ? () => false : value === true ? () => true : schema(value)
  return (found) =>
    !isDoc(found) ||
    [...found.entries()].every(
      ([key, inner]) => known.has(key) || regexes.some((regex) => regex.test(key)) || check(inner),
    )
}

const keywords: Record<string, (value: Value, whole: Doc) => Check> = {
  bsonType: (value) => ofType(value) as Check,
  type: jsonType,
  enum: (value) =>
    Array.isArray(value)
      ? (found) => value.some((each) => equals(each, found))
      : fail('TypeMismatch', "$jsonSchema keyword 'enum' must be an array"),
  required: (value) =>
    Array.isArray(value)
      ? (found) => !isDoc(found) || value.every((name) => found.has(String(name)))
      : fail('TypeMismatch', "$jsonSchema keyword 'required' must be an array"),
  properties,
  additionalProperties: additional,
  patternProperties: (value) => {
    if (!isDoc(value))
      return fail('TypeMismatch', "$jsonSchema keyword 'patternProperties' must be an object")
    const checks = [...value.entries()].map(([pattern, inner]) => ({
      regex: new RegExp(pattern),
      check: schema(inner),
    }))
    return (found) =>
      !isDoc(found) ||
      [...found.entries()].every(([key, inner]) =>
        checks.every(({ regex, check }) => !regex.test(key) || check(inner)),
      )
  },
  minimum: (value, whole) =>
    onNumbers(value, (order) => (whole.get('exclusiveMinimum') === true ? order > 0 : order >= 0)),
  maximum: (value, whole) =>
    onNumbers(value, (order) => (whole.get('exclusiveMaximum') === true ? order < 0 : order <= 0)),
  multipleOf: (value) =>
    isNumeric(value)
      ? (found) => !isNumeric(found) || toDouble(found) % toDouble(value) === 0
      : fail('TypeMismatch', 'multipleOf'),
  minLength: (value) => onLength(value, textLength, atLeast),
  maxLength: (value) => onLength(value, textLength, atMost),
  minItems: (value) => onLength(value, arrayLength, atLeast),
  maxItems: (value) => onLength(value, arrayLength, atMost),
  minProperties: (value) => onLength(value, fieldCount, atLeast),
  maxProperties: (value) => onLength(value, fieldCount, atMost),
  uniqueItems: (value) => (found) =>
    value !== true ||
    !Array.isArray(found) ||
    found.every((a, i) => found.every((b, j) => j <= i || !equals(a, b))),
  pattern: (value) => {
    const regex = new RegExp(
      typeof value === 'string' ? value : fail('TypeMismatch', 'pattern must be a string'),
    )
    return (found) => typeof found !== 'string' || regex.test(found)
  },
  items: (value) => {
    const checks = Array.isArray(value) ? value.map((each) => schema(each)) : schema(value)
    return (found) =>
      !Array.isArray(found) ||
      found.every((each, i) => (Array.isArray(checks) ? (checks[i]?.(each) ?? true) : checks(each)))
  },
  allOf: (value) => {
    const checks = schemas(value)
    return (found) => checks.every((check) => check(found))
  },
  anyOf: (value) => {
    const checks = schemas(value)
    return (found) => checks.some((check) => check(found))
  },
  oneOf: (value) => {
    const checks = schemas(value)
    return (found) => checks.filter((check) => check(found)).length === 1
  },
  not: (value) => {
    const check = schema(value)
    return (found) => !check(found)
  },
}

const silent = new Set(['title', 'description', 'exclusiveMinimum', 'exclusiveMaximum'])

function schema(given: Maybe): Check {
  if (!isDoc(given)) return fail('TypeMismatch', '$jsonSchema must be an object')
  const checks: Check[] = []
  for (const [keyword, value] of given.entries()) {
    if (silent.has(keyword)) continue
    const build = Object.hasOwn(keywords, keyword) ? keywords[keyword] : undefined
    if (!build) fail('FailedToParse', `Unknown $jsonSchema keyword: ${keyword}`)
    checks.push(build(value, given))
  }
  return (value) => checks.every((check) => check(value))
}

/** Compiles a `$jsonSchema`; keywords it does not know are refused. */
export function compileJsonSchema(given: Doc): (doc: Doc) => boolean {
  return schema(given)
}
