import { Int32 } from 'bson'
import { Doc, isDoc } from '../../bson/doc.ts'
import { isNumeric, toDouble } from '../../bson/numeric.ts'
import type { Maybe, Value } from '../../bson/value.ts'
import { fail } from '../../errors.ts'
import type { Evaluate, OperatorFactory } from '../scope.ts'
import { isNullish } from '../values.ts'
import { named, wholeOr } from './arguments.ts'
import { dateOr, dayOfYear, fromZone, inZone, isoWeek, weekOfYear } from './date-parts.ts'

const int = (value: number): Int32 => new Int32(value)

/** One part of a date, given alone or with a time zone. */
const part =
  (read: (local: Date) => Value): OperatorFactory =>
  (operand, scope, compile, name) => {
    const long = isDoc(operand) && operand.has('date') ? operand : null
    const single = Array.isArray(operand) && operand.length === 1 ? (operand[0] as Value) : operand
    const source = compile(long ? (long.get('date') as Value) : single, scope)
    const zone = long?.has('timezone') ? compile(long.get('timezone') as Value, scope) : null
    return (root) => {
      const value = source(root)
      if (isNullish(value)) return null
      return read(inZone(dateOr(value, name), zone?.(root)))
    }
  }

const units = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'] as const
type Unit = (typeof units)[number]
const fixedMs: Partial<Record<Unit, number>> = {
  week: 604_800_000,
  day: 86_400_000,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
}
const monthsIn: Partial<Record<Unit, number>> = { year: 12, quarter: 3, month: 1 }

function unitOr(value: Maybe, name: string): Unit {
  const unit = units.find((known) => known === value)
  return unit ?? fail('FailedToParse', `${name}: unknown time unit value: ${String(value)}`)
}

function plus(local: Date, unit: Unit, amount: number): Date {
  const months = monthsIn[unit]
  if (months === undefined) return new Date(local.getTime() + amount * (fixedMs[unit] as number))
  const target = new Date(local.getTime())
  const day = target.getUTCDate()
  target.setUTCDate(1)
  target.setUTCMonth(target.getUTCMonth() + months * amount)
  const last = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate()
  target.setUTCDate(Math.min(day, last))
  return target
}

const shift = (sign: 1 | -1): OperatorFactory =>
  named(['startDate', 'unit', 'amount', 'timezone'], ['startDate', 'unit', 'amount'], (given) => (root) => {
    const [start, unit, amount] = ['startDate', 'unit', 'amount'].map((key) => (given[key] as Evaluate)(root))
    if (isNullish(start) || isNullish(unit) || isNullish(amount)) return null
    const [name, by, zone] = [
      unitOr(unit, '$dateAdd'),
      wholeOr(amount, '$dateAdd') * sign,
      given.timezone?.(root),
    ]
    const date = dateOr(start, '$dateAdd')
    if (name === 'hour' || name === 'minute' || name === 'second' || name === 'millisecond')
      return plus(date, name, by)
    return fromZone(plus(inZone(date, zone), name, by), zone)
  })

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

function weekStart(value: Maybe): number {
  if (isNullish(value)) return 0
  const day = typeof value === 'string' ? weekdays.indexOf(value.toLowerCase().slice(0, 3)) : -1
  return day >= 0 ? day : fail('FailedToParse', `unknown day of week value: ${String(value)}`)
}

/** How many boundaries of a unit lie before a date, counted from a fixed one. */
function boundaries(local: Date, unit: Unit, startOfWeek: number): number {
  const months = monthsIn[unit]
  if (months) return Math.floor((local.getUTCFullYear() * 12 + local.getUTCMonth()) / months)
  const time = local.getTime()
  // The first of January 1970 was a Thursday.
  if (unit === 'week') return Math.floor((Math.floor(time / 86_400_000) + 4 - startOfWeek) / 7)
  return Math.floor(time / (fixedMs[unit] as number))
}

const difference = named(
  ['startDate', 'endDate', 'unit', 'timezone', 'startOfWeek'],
  ['startDate', 'endDate', 'unit'],
  (given) => (root) => {
    const [start, end, unit] = ['startDate', 'endDate', 'unit'].map((key) => (given[key] as Evaluate)(root))
    if (isNullish(start) || isNullish(end) || isNullish(unit)) return null
    const [name, first, zone] = [
      unitOr(unit, '$dateDiff'),
      weekStart(given.startOfWeek?.(root)),
      given.timezone?.(root),
    ]
    const at = (value: Maybe): number => boundaries(inZone(dateOr(value, '$dateDiff'), zone), name, first)
    return BigInt(at(end) - at(start))
  },
)

const referenceMs = Date.UTC(2000, 0, 1)

function truncated(local: Date, unit: Unit, bin: number, startOfWeek: number): Date {
  const reference = new Date(referenceMs)
  const months = monthsIn[unit]
  if (months) {
    const elapsed = Math.floor((local.getUTCFullYear() - 2000) * 12 + local.getUTCMonth())
    return plus(reference, 'month', Math.floor(elapsed / (months * bin)) * months * bin)
  }
  const size = (fixedMs[unit] as number) * bin
  const start =
    unit === 'week' ? referenceMs + ((startOfWeek - reference.getUTCDay() + 7) % 7) * 86_400_000 : referenceMs
  return new Date(start + Math.floor((local.getTime() - start) / size) * size)
}

const trunc = named(
  ['date', 'unit', 'binSize', 'timezone', 'startOfWeek'],
  ['date', 'unit'],
  (given) => (root) => {
    const [date, unit] = ['date', 'unit'].map((key) => (given[key] as Evaluate)(root))
    const size = given.binSize ? given.binSize(root) : int(1)
    if (isNullish(date) || isNullish(unit) || isNullish(size)) return null
    const zone = given.timezone?.(root)
    const bin = wholeOr(size, '$dateTrunc')
    if (bin <= 0) fail(5439017, `$dateTrunc requires 'binSize' to be greater than 0, but got value ${bin}`)
    return fromZone(
      truncated(
        inZone(dateOr(date, '$dateTrunc'), zone),
        unitOr(unit, '$dateTrunc'),
        bin,
        weekStart(given.startOfWeek?.(root)),
      ),
      zone,
    )
  },
)

const partNames = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond']

const fromParts = named(
  [...partNames, 'isoWeekYear', 'isoWeek', 'isoDayOfWeek', 'timezone'],
  [],
  (given) => (root) => {
    const read = (key: string, fallback: number): number | null => {
      const value = given[key]?.(root)
      if (given[key] && isNullish(value)) return null
      return value === undefined
        ? fallback
        : isNumeric(value)
          ? toDouble(value)
          : fail(40515, `'${key}' must evaluate to an integer`)
    }
    const iso = given.isoWeekYear !== undefined
    const values = iso
      ? [
          read('isoWeekYear', 1970),
          0,
          4,
          read('hour', 0),
          read('minute', 0),
          read('second', 0),
          read('millisecond', 0),
        ]
      : [
          read('year', 1970),
          (read('month', 1) ?? Number.NaN) - 1,
          read('day', 1),
          read('hour', 0),
          read('minute', 0),
          read('second', 0),
          read('millisecond', 0),
        ]
    if (values.some((value) => value === null || Number.isNaN(value))) return null
    const local = new Date(Date.UTC(...(values as [number, number, number, number, number, number, number])))
    if (iso)
      local.setUTCDate(
        local.getUTCDate() -
          (local.getUTCDay() || 7) +
          1 +
          ((read('isoWeek', 1) ?? 1) - 1) * 7 +
          (read('isoDayOfWeek', 1) ?? 1) -
          1,
      )
    return fromZone(local, given.timezone?.(root))
  },
)

const toParts = named(['date', 'timezone', 'iso8601'], ['date'], (given) => (root) => {
  const value = (given.date as Evaluate)(root)
  if (isNullish(value)) return null
  const local = inZone(dateOr(value, '$dateToParts'), given.timezone?.(root))
  const time = {
    hour: int(local.getUTCHours()),
    minute: int(local.getUTCMinutes()),
    second: int(local.getUTCSeconds()),
    millisecond: int(local.getUTCMilliseconds()),
  }
  if (given.iso8601?.(root) === true)
    return Doc.of({
      isoWeekYear: int(isoWeek(local).year),
      isoWeek: int(isoWeek(local).week),
      isoDayOfWeek: int(local.getUTCDay() || 7),
      ...time,
    })
  return Doc.of({
    year: int(local.getUTCFullYear()),
    month: int(local.getUTCMonth() + 1),
    day: int(local.getUTCDate()),
    ...time,
  })
})

export const dateOperators: Record<string, OperatorFactory> = {
  $year: part((date) => int(date.getUTCFullYear())),
  $month: part((date) => int(date.getUTCMonth() + 1)),
  $dayOfMonth: part((date) => int(date.getUTCDate())),
  $dayOfWeek: part((date) => int(date.getUTCDay() + 1)),
  $dayOfYear: part((date) => int(dayOfYear(date))),
  $hour: part((date) => int(date.getUTCHours())),
  $minute: part((date) => int(date.getUTCMinutes())),
  $second: part((date) => int(date.getUTCSeconds())),
  $millisecond: part((date) => int(date.getUTCMilliseconds())),
  $week: part((date) => int(weekOfYear(date))),
  $isoWeek: part((date) => int(isoWeek(date).week)),
  $isoWeekYear: part((date) => BigInt(isoWeek(date).year)),
  $isoDayOfWeek: part((date) => int(date.getUTCDay() || 7)),
  $dateAdd: shift(1),
  $dateSubtract: shift(-1),
  $dateDiff: difference,
  $dateTrunc: trunc,
  $dateFromParts: fromParts,
  $dateToParts: toParts,
}
