import { Timestamp } from 'bson'
import { type Maybe, typeName } from '../../bson/value.ts'
import { fail } from '../../errors.ts'
import type { Evaluate, OperatorFactory } from '../scope.ts'
import { isNullish } from '../values.ts'
import { computed, named, textOr } from './arguments.ts'
import {
  dateOr,
  dayOfYear,
  fromZone,
  inZone,
  isoWeek,
  parseDate,
  weekOfYear,
  zoneOffsetMinutes,
} from './date-parts.ts'

const pad = (value: number, width: number): string => String(value).padStart(width, '0')
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

const specifiers: Record<string, (local: Date, offset: number) => string> = {
  '%Y': (date) => pad(date.getUTCFullYear(), 4),
  '%m': (date) => pad(date.getUTCMonth() + 1, 2),
  '%d': (date) => pad(date.getUTCDate(), 2),
  '%H': (date) => pad(date.getUTCHours(), 2),
  '%M': (date) => pad(date.getUTCMinutes(), 2),
  '%S': (date) => pad(date.getUTCSeconds(), 2),
  '%L': (date) => pad(date.getUTCMilliseconds(), 3),
  '%j': (date) => pad(dayOfYear(date), 3),
  '%w': (date) => String(date.getUTCDay() + 1),
  '%u': (date) => String(date.getUTCDay() || 7),
  '%U': (date) => pad(weekOfYear(date), 2),
  '%V': (date) => pad(isoWeek(date).week, 2),
  '%G': (date) => pad(isoWeek(date).year, 4),
  '%b': (date) => (months[date.getUTCMonth()] as string).slice(0, 3),
  '%B': (date) => months[date.getUTCMonth()] as string,
  '%z': (_, offset) =>
    `${offset < 0 ? '-' : '+'}${pad(Math.trunc(Math.abs(offset) / 60), 2)}${pad(Math.abs(offset) % 60, 2)}`,
  '%Z': (_, offset) => String(offset),
  '%%': () => '%',
}

function format(date: Date, pattern: string, zone: Maybe): string {
  const local = inZone(date, zone)
  const offset = zoneOffsetMinutes(zone, date.getTime())
  return pattern.replace(
    /%./g,
    (name) =>
      specifiers[name]?.(local, offset) ?? fail(18536, `Invalid format character '${name}' in format string`),
  )
}

const dateToString = named(['date', 'format', 'timezone', 'onNull'], ['date'], (given) => (root) => {
  const value = (given.date as Evaluate)(root)
  const zone = given.timezone?.(root)
  if (isNullish(value)) return given.onNull ? given.onNull(root) : null
  const pattern = given.format
    ? given.format(root)
    : isNullish(zone) || zone === 'UTC'
      ? '%Y-%m-%dT%H:%M:%S.%LZ'
      : '%Y-%m-%dT%H:%M:%S.%L'
  if (isNullish(pattern) || (given.timezone && isNullish(zone))) return null
  return format(dateOr(value, '$dateToString'), textOr(pattern, '$dateToString', 18533), zone)
})

const groups: Record<string, string> = {
  '%Y': '(?<year>\\d{4})',
  '%m': '(?<month>\\d{2})',
  '%d': '(?<day>\\d{2})',
  '%H': '(?<hour>\\d{2})',
  '%M': '(?<minute>\\d{2})',
  '%S': '(?<second>\\d{2})',
  '%L': '(?<millisecond>\\d{1,3})',
  '%z': '(?<zone>Z|[+-]\\d{2}:?\\d{2})',
  '%%': '%',
}

function parseFormatted(text: string, pattern: string, zone: Maybe): Date {
  const source = pattern.replace(/%.|[\\^$.*+?()[\]{}|]/g, (piece) =>
    piece.startsWith('%')
      ? (groups[piece] ?? fail(18536, `Invalid format character '${piece}' in format string`))
      : `\\${piece}`,
  )
  const found = new RegExp(`^${source}$`).exec(text)?.groups
  if (!found)
    return fail(
      'ConversionFailure',
      `Error parsing date string '${text}'; does not match format '${pattern}'`,
    )
  const number = (name: string, fallback: number): number => Number(found[name] ?? fallback)
  const local = new Date(
    Date.UTC(
      number('year', 1970),
      number('month', 1) - 1,
      number('day', 1),
      number('hour', 0),
      number('minute', 0),
      number('second', 0),
      number('millisecond', 0),
    ),
  )
  return fromZone(local, found.zone ?? zone)
}

const dateFromString = named(
  ['dateString', 'format', 'timezone', 'onError', 'onNull'],
  ['dateString'],
  (given) => (root) => {
    const value = (given.dateString as Evaluate)(root)
    if (isNullish(value)) return given.onNull ? given.onNull(root) : null
    try {
      if (typeof value !== 'string')
        fail(
          'ConversionFailure',
          `$dateFromString requires that 'dateString' be a string, found: ${typeName(value)}`,
        )
      const pattern = given.format?.(root)
      const zone = given.timezone?.(root)
      return isNullish(pattern)
        ? parseDate(value as string, '$dateFromString', zone)
        : parseFormatted(value as string, textOr(pattern, '$dateFromString'), zone)
    } catch (error) {
      if (given.onError) return given.onError(root)
      throw error
    }
  },
)

const stamp = (read: (value: Timestamp) => bigint): OperatorFactory =>
  computed(1, 1, ([value], name) => {
    if (isNullish(value)) return null
    return value instanceof Timestamp
      ? read(value)
      : fail(5687301, `Argument to ${name} must be a timestamp, but is ${typeName(value)}`)
  })

export const dateTextOperators: Record<string, OperatorFactory> = {
  $dateToString: dateToString,
  $dateFromString: dateFromString,
  $tsSecond: stamp((value) => BigInt(value.t)),
  $tsIncrement: stamp((value) => BigInt(value.i)),
}
