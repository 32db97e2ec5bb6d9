import { BSONRegExp } from 'bson'
import { compileExpression } from '../aggregate/expression.ts'
import { truthy } from '../aggregate/values.ts'
import { Doc, isDoc } from '../bson/doc.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import type { Maybe, Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { all, any, type Condition, type FilterContext, not, other } from './condition.ts'
import { elementMatcher } from './element-matcher.ts'
import { compileJsonSchema } from './json-schema.ts'
import { pathMatcher } from './paths.ts'
import { bits, equalTo, matching, modulo, ofSize, ofType, oneOf, ordered } from './predicates.ts'
import { compilePattern, compileRegex, isRegex } from './regex.ts'

function subfilters(op: string, value: Value, context: FilterContext): Condition[] {
  if (!Array.isArray(value)) return fail('BadValue', `${op} argument must be an array`)
  if (value.length === 0) fail('BadValue', `${op} argument must be a non-empty array`)
  return value.map((part) => {
    if (!isDoc(part)) return fail('BadValue', `${op} argument's entries must be objects`)
    return parseFilter(part, context)
  })
}

function logical(op: string, value: Value, context: FilterContext): Condition | null {
  switch (op) {
    case '$and':
      return all(subfilters(op, value, context))
    case '$or':
      return any(subfilters(op, value, context))
    case '$nor':
      return not(any(subfilters(op, value, context)))
    case '$expr': {
      const evaluate = compileExpression(value, context.scope)
      return other((doc) => truthy(evaluate(doc)))
    }
    case '$comment':
      return null
    case '$jsonSchema':
      if (!isDoc(value)) return fail('TypeMismatch', '$jsonSchema must be an object')
      return other(compileJsonSchema(value))
    case '$alwaysTrue':
      return null
    case '$alwaysFalse':
      return other(() => false)
    case '$sampleRate':
      return sampleRate(value)
    case '$where':
      return fail('BadValue', '$where is not allowed in this context')
    case '$text':
      return fail(27, 'text index required for $text query')
    default:
      return fail(
        'BadValue',
        `unknown top level operator: ${op}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      )
  }
}

function sampleRate(value: Value): Condition {
  if (!isNumeric(value)) return fail('BadValue', 'argument to $sampleRate must be a numeric type')
  const rate = toDouble(value)
  if (!(rate >= 0 && rate <= 1)) fail('BadValue', 'numeric argument to $sampleRate must be in [0, 1]')
  return other(() => Math.random() < rate)
}

type Leaf = (path: string, value: Value, context: FilterContext, siblings: Doc) => Condition | null

const leaf =
  (
    op: string,
    makeTest: (value: Value, context: FilterContext) => (found: Maybe) => boolean,
    expand = true,
  ): Leaf =>
  (path, value, context) => ({
    kind: 'path',
    path,
    op,
    value,
    matches: pathMatcher(path, makeTest(value, context), expand),
  })

const equality = leaf('$eq', (value, { collator }) => equalTo(value, collator))

const inList = leaf('$in', (value, { collator }) => {
  if (!Array.isArray(value)) return fail('BadValue', '$in needs an array')
  return oneOf(value, collator)
})

const negated =
  (of: Leaf): Leaf =>
  (path, value, context, siblings) =>
    not(of(path, value, context, siblings) as Condition)

const comparison = (op: string): Leaf => leaf(op, (value, { collator }) => ordered(op, value, collator))

const exists: Leaf = (path, value) => {
  const wanted = isNumeric(value) ? toDouble(value) !== 0 : truthy(value)
  const present = pathMatcher(path, (found) => found !== undefined, false)
  return {
    kind: 'path',
    path,
    op: '$exists',
    value: wanted,
    matches: wanted ? present : (doc) => !present(doc),
  }
}

const regex: Leaf = (path, value, _context, siblings) => {
  const options = siblings.get('$options')
  if (options !== undefined && typeof options !== 'string') fail('BadValue', '$options has to be a string')
  if (isRegex(value)) {
    if (value.options && options !== undefined) fail(51074, 'options set in both $regex and $options')
    const flags = (options as string | undefined) ?? value.options
    const test = matching(compilePattern(value.pattern, flags), value)
    return {
      kind: 'path',
      path,
      op: '$regex',
      value: new BSONRegExp(value.pattern, flags),
      matches: pathMatcher(path, test, true),
    }
  }
  if (typeof value !== 'string') return fail('BadValue', '$regex has to be a string')
  const flags = (options as string | undefined) ?? ''
  const same = new BSONRegExp(value, [...flags].sort().join(''))
  const matches = pathMatcher(path, matching(compilePattern(value, flags), same), true)
  return { kind: 'path', path, op: '$regex', value: same, matches }
}

const negation: Leaf = (path, value, context) => {
  if (isRegex(value)) return not(pathCondition(path, value, context))
  if (!isDoc(value)) return fail('BadValue', '$not needs a regex or a document')
  if (value.size === 0) fail('BadValue', '$not cannot be empty')
  return not(all(operators(path, value, context)))
}

const elemMatch: Leaf = (path, value, context) => {
  if (!isDoc(value)) return fail('BadValue', '$elemMatch needs an Object')
  const first = value.firstKey()
  const onValues =
    first?.startsWith('$') && !['$and', '$or', '$nor', '$expr', '$jsonSchema', '$where'].includes(first)
  // An element that is no document stands in a document of its own, so that one way of testing serves.
  const inner = onValues ? all(operators('v', value, context)) : parseFilter(value, context)
  const accepts = (element: Value): boolean => {
    if (onValues) return inner.matches(wrap(element))
    if (Array.isArray(element)) return inner.matches(new Doc(asFields(element)))
    return isDoc(element) && inner.matches(element)
  }
  const wrap = (element: Value): Doc => new Doc(new Map([['v', element]]))
  return { kind: 'path', path, op: '$elemMatch', value, matches: elementMatcher(path, accepts) }
}

const asFields = (values: Value[]): Map<string, Value> =>
  new Map(values.map((value, i) => [String(i), value]))

const everyOf: Leaf = (path, value, context, siblings) => {
  if (!Array.isArray(value)) return fail('BadValue', '$all needs an array')
  if (value.length === 0) return other(() => false)
  return all(
    value.map((part) => {
      if (isDoc(part) && part.has('$elemMatch'))
        return elemMatch(path, part.get('$elemMatch') as Value, context, siblings) as Condition
      if (isDoc(part) && part.firstKey()?.startsWith('$')) fail('BadValue', 'no $ expressions in $all')
      return pathCondition(path, part, context, true)
    }),
  )
}

const unsupported =
  (name: string): Leaf =>
  () =>
    fail('BadValue', `${name} is not supported: this server has no geospatial indexes`)

const leaves: Record<string, Leaf> = {
  $eq: equality,
  $ne: (path, value, context, siblings) => {
    if (isRegex(value)) fail('BadValue', "Can't have regex as arg to $ne.")
    return not(equality(path, value, context, siblings) as Condition)
  },
  $gt: comparison('$gt'),
  $gte: comparison('$gte'),
  $lt: comparison('$lt'),
  $lte: comparison('$lte'),
  $in: inList,
  $nin: (path, value, context, siblings) => {
    if (!Array.isArray(value)) fail('BadValue', '$nin needs an array')
    return negated(inList)(path, value, context, siblings)
  },
  $not: negation,
  $exists: exists,
  $type: leaf('$type', ofType),
  $mod: leaf('$mod', modulo),
  $size: leaf('$size', ofSize, false),
  $all: everyOf,
  $elemMatch: elemMatch,
  $regex: regex,
  $options: (_path, _value, _context, siblings) =>
    siblings.has('$regex') ? null : fail('BadValue', '$options needs a $regex'),
  $comment: () => null,
  $bitsAllSet: leaf('$bitsAllSet', (value) => bits('$bitsAllSet', value)),
  $bitsAnySet: leaf('$bitsAnySet', (value) => bits('$bitsAnySet', value)),
  $bitsAllClear: leaf('$bitsAllClear', (value) => bits('$bitsAllClear', value)),
  $bitsAnyClear: leaf('$bitsAnyClear', (value) => bits('$bitsAnyClear', value)),
  $geoWithin: unsupported('$geoWithin'),
  $geoIntersects: unsupported('$geoIntersects'),
  $near: unsupported('$near'),
  $nearSphere: unsupported('$nearSphere'),
}

function operators(path: string, operand: Doc, context: FilterContext): Condition[] {
  const conditions: Condition[] = []
  for (const [op, value] of operand.entries()) {
    const parse = Object.hasOwn(leaves, op) ? leaves[op] : undefined
    if (!parse) fail('BadValue', `unknown operator: ${op}`)
    const condition = parse(path, value, context, operand)
    if (condition) conditions.push(condition)
  }
  return conditions
}

const isOperators = (value: Value): value is Doc => {
  const first = isDoc(value) ? value.firstKey() : undefined
  return first?.startsWith('$') === true && !['$ref', '$id', '$db'].includes(first)
}

function pathCondition(path: string, value: Value, context: FilterContext, literal = false): Condition {
  if (isRegex(value)) {
    const matches = pathMatcher(path, matching(compileRegex(value), value), true)
    return { kind: 'path', path, op: '$regex', value, matches }
  }
  if (!literal && isOperators(value)) return all(operators(path, value, context))
  return equality(path, value, context, value as Doc) as Condition
}

/** Compiles a filter; throws the server's errors for what it does not know. */
export function parseFilter(filter: Doc, context: FilterContext): Condition {
  const conditions: Condition[] = []
  for (const [key, value] of filter.entries()) {
    const condition = key.startsWith('$') ? logical(key, value, context) : pathCondition(key, value, context)
    if (condition) conditions.push(condition)
  }
  return all(conditions)
}
