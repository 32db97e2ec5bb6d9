import { Int32, type Timestamp } from 'bson'
import { type Doc, isDoc } from '../bson/doc.ts'
import { add, isIntegral, isNumeric, multiply, type Numeric, toBigInt, toDouble } from '../bson/numeric.ts'
import { type Maybe, typeName, type Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { type Collator, compareValues, equals } from '../query/compare.ts'
import type { FilterContext } from '../query/condition.ts'
import { shellText } from '../storage/shell-text.ts'
import { pullOperator } from './pull.ts'
import { pushOperator } from './push.ts'

export type UpdateContext = FilterContext & { readonly nowMs: number; readonly clusterTime: () => Timestamp }

/** What an operator is told of the document it changes, for its messages. */
export type Target = { readonly path: string; readonly id: Maybe }

/**
 * What an operator makes of the value at its path: a value to write, `undefined` to remove what is there,
 * or `unchanged`. With `creates` it also acts where the path is missing.
 */
export type Operator = {
  readonly creates: boolean
  /** What stands at the path does not matter, and is not read. */
  readonly isBlind?: true
  readonly apply: (current: Maybe, target: Target) => Maybe | typeof unchanged
}

export const unchanged = Symbol('unchanged')

type OperatorFactory = (operand: Value, path: string, context: UpdateContext) => Operator

const inDocument = ({ id }: Target): string => `{_id: ${shellText(id)}}`

function arithmetic(name: '$inc' | '$mul', verb: string): OperatorFactory {
  const combine = name === '$inc' ? add : multiply
  return (operand, path) => {
    if (!isNumeric(operand))
      return fail(
        'TypeMismatch',
        `Cannot ${verb} with non-numeric argument: {${path}: ${shellText(operand)}}`,
      )
    const initial = name === '$inc' ? operand : (multiply(operand, new Int32(0)) as Numeric)
    return {
      creates: true,
      apply(current, target) {
        if (current === undefined) return initial
        if (!isNumeric(current))
          return fail(
            'TypeMismatch',
            `Cannot apply ${name} to a value of non-numeric type. ${inDocument(target)} has the field '${target.path.split('.').at(-1)}' of non-numeric type ${typeName(current)}`,
          )
        const result = combine(current, operand)
        if (result === null)
          return fail(
            'BadValue',
            `Failed to apply ${name} operations to current value ((NumberLong)${toBigInt(current)}) for document ${inDocument(target)}`,
          )
        return result
      },
    }
  }
}

const extreme =
  (keeps: (order: number) => boolean): OperatorFactory =>
  (operand, _path, { collator }) => ({
    creates: true,
    apply: (current) =>
      current !== undefined && keeps(compareValues(operand, current, collator)) ? unchanged : operand,
  })

const assign: OperatorFactory = (operand) => ({ creates: true, isBlind: true, apply: () => operand })

const unset: OperatorFactory = () => ({ creates: false, isBlind: true, apply: () => undefined })

const currentDate: OperatorFactory = (operand, path, context) => {
  const now = (): Value => new Date(context.nowMs)
  if (typeof operand === 'boolean') return { creates: true, isBlind: true, apply: now }
  if (!isDoc(operand))
    return fail(
      'BadValue',
      `${typeName(operand)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`,
    )
  const type = operand.get('$type')
  if (operand.size !== 1 || (type !== 'date' && type !== 'timestamp'))
    fail(
      'BadValue',
      `The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {${path}: {$type: 'date'}}}`,
    )
  return { creates: true, apply: type === 'date' ? now : () => context.clusterTime() }
}

const bitOperations: Record<string, (a: bigint, b: bigint) => bigint> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
}

const isBits = (value: Maybe): value is Int32 | bigint => typeof value === 'bigint' || value instanceof Int32

const bit: OperatorFactory = (operand, path) => {
  if (!isDoc(operand))
    return fail(
      'BadValue',
      `The $bit modifier is not compatible with a ${typeName(operand)}. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}`,
    )
  if (operand.size === 0)
    fail(
      'BadValue',
      `You must pass in at least one bitwise operation. The syntax is: {$bit: {field: {and/or/xor: #}}`,
    )
  const steps = [...operand.entries()].map(([name, by]) => {
    const operation =
      bitOperations[name] ??
      fail(
        'BadValue',
        `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator: {${name}: ${shellText(by)}}`,
      )
    if (!isBits(by))
      return fail(
        'BadValue',
        `The $bit modifier field must be an Integer(32/64 bit); a '${typeName(by)}' is not supported here: {${path}: ${shellText(by)}}`,
      )
    return { operation, by }
  })
  return {
    creates: true,
    apply(current, target) {
      if (current !== undefined && !isBits(current))
        return fail(
          'BadValue',
          `Cannot apply $bit to a value of non-integral type.${inDocument(target)} has the field ${target.path.split('.').at(-1)} of non-integer type ${typeName(current)}`,
        )
      let value: Int32 | bigint = current ?? new Int32(0)
      for (const { operation, by } of steps) {
        const result = operation(toBigInt(value), toBigInt(by))
        value = value instanceof Int32 && by instanceof Int32 ? new Int32(Number(result)) : result
      }
      return value
    },
  }
}

const addToSet: OperatorFactory = (operand, _path, { collator }) => {
  const each = isDoc(operand) && operand.firstKey() === '$each' ? eachOf(operand) : [operand]
  return {
    creates: true,
    apply(current, target) {
      if (current !== undefined && !Array.isArray(current))
        fail(
          'BadValue',
          `Cannot apply $addToSet to non-array field. Field named '${target.path.split('.').at(-1)}' has non-array type ${typeName(current)}`,
        )
      const values: Value[] = [...((current as Value[] | undefined) ?? [])]
      const before = values.length
      for (const value of each) if (!contains(values, value, collator)) values.push(value)
      return current !== undefined && values.length === before ? unchanged : values
    },
  }
}

function eachOf(operand: Doc): Value[] {
  const each = operand.get('$each')
  if (!Array.isArray(each))
    return fail(
      'TypeMismatch',
      `The argument to $each in $addToSet must be an array but it was of type ${typeName(each)}`,
    )
  if (operand.size > 1)
    fail('BadValue', `Found unexpected fields after $each in $addToSet: ${shellText(operand)}`)
  return each
}

const contains = (values: Value[], value: Value, collator: Collator): boolean =>
  values.some((each) => equals(each, value, collator))

const pop: OperatorFactory = (operand, path) => {
  if (!isIntegral(operand))
    return fail('FailedToParse', `Expected a number in: ${path}: ${shellText(operand)}`)
  const way = toDouble(operand)
  if (way !== 1 && way !== -1) fail('FailedToParse', `$pop expects 1 or -1, found: ${way}`)
  return {
    creates: false,
    apply(current, target) {
      if (!Array.isArray(current))
        return fail(
          'TypeMismatch',
          `Path '${target.path}' contains an element of non-array type '${typeName(current)}'`,
        )
      return way === 1 ? current.slice(0, -1) : current.slice(1)
    },
  }
}

const pullAll: OperatorFactory = (operand, _path, { collator }) => {
  if (!Array.isArray(operand))
    return fail('BadValue', `$pullAll requires an array argument but was given a ${typeName(operand)}`)
  return {
    creates: false,
    apply(current) {
      if (!Array.isArray(current)) return fail('BadValue', 'Cannot apply $pull to a non-array value')
      return current.filter((value) => !contains(operand, value, collator))
    },
  }
}

/** Every update operator but `$rename`, which has two paths. */
export const operatorFactories: Record<string, OperatorFactory> = {
  $set: assign,
  $setOnInsert: assign,
  $unset: unset,
  $inc: arithmetic('$inc', 'increment'),
  $mul: arithmetic('$mul', 'multiply'),
  $min: extreme((order) => order >= 0),
  $max: extreme((order) => order <= 0),
  $currentDate: currentDate,
  $bit: bit,
  $push: pushOperator,
  $addToSet: addToSet,
  $pop: pop,
  $pull: pullOperator,
  $pullAll: pullAll,
}
