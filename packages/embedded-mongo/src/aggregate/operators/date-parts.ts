import { ObjectId, Timestamp } from 'bson'
import { type Maybe, typeName } from '../../bson/value.ts'
import { fail } from '../../errors.ts'
import { isNullish } from '../values.ts'

/** Minutes that a time zone, by offset or by Olson name, is ahead of UTC at an instant. */
export function zoneOffsetMinutes(zone: Maybe, atMs: number): number {
  if (isNullish(zone)) return 0
  if (typeof zone !== 'string')
    return fail(40517, `timezone must evaluate to a string, found ${typeName(zone)}`)
  if (zone === 'Z' || zone === 'UTC' || zone === 'GMT') return 0
  const offset = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone)
  if (offset) return (Number(offset[2]) * 60 + Number(offset[3] ?? 0)) * (offset[1] === '-' ? -1 : 1)
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    const name = format.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT'
    const parts = /GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(name)
    if (!parts?.[1]) return 0
    return (Number(parts[2]) * 60 + Number(parts[3])) * (parts[1] === '-' ? -1 : 1)
  } catch {
    return fail(40485, `unrecognized time zone identifier: "${zone}"`)
  }
}

/** An instant shifted so that its UTC parts are the local ones of a zone. */
export function inZone(date: Date, zone: Maybe): Date {
  return new Date(date.getTime() + zoneOffsetMinutes(zone, date.getTime()) * 60_000)
}

/** The instant at which a zone's clocks show these (UTC) parts. */
export function fromZone(local: Date, zone: Maybe): Date {
  const guess = local.getTime() - zoneOffsetMinutes(zone, local.getTime()) * 60_000
  return new Date(local.getTime() - zoneOffsetMinutes(zone, guess) * 60_000)
}

export function dateOr(value: Maybe, name: string): Date {
  if (value instanceof Date) return value
  if (value instanceof ObjectId) return value.getTimestamp()
  if (value instanceof Timestamp) return new Date(value.t * 1000)
  return fail(16006, `can't convert from BSON type ${typeName(value)} to Date in ${name}`)
}

const isoText =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/

/** ISO 8601 text as an instant; text without a zone is taken in the one given. */
export function parseDate(text: string, name: string, zone?: Maybe): Date {
  const parts = isoText.exec(text)
  if (!parts) return fail('ConversionFailure', `Error parsing date string '${text}' in ${name}`)
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', offset] = parts
  const milliseconds = Math.trunc(Number(`0.${fraction}`) * 1000)
  const local = new Date(
    Date.UTC(
      Number(year),
      Number(month) - 1,
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
      milliseconds,
    ),
  )
  if (local.getUTCDate() !== Number(day))
    fail('ConversionFailure', `Error parsing date string '${text}' in ${name}`)
  if (offset && !isNullish(zone))
    fail(
      'ConversionFailure',
      `you cannot pass in a date/time string with time zone information together with a timezone argument`,
    )
  return fromZone(local, offset ?? zone)
}

const dayMs = 86_400_000

export function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / dayMs) + 1
}

/** Year and week of ISO 8601, whose first week holds the year's first Thursday. */
export function isoWeek(date: Date): { year: number; week: number } {
  const thursday = new Date(date.getTime())
  thursday.setUTCDate(thursday.getUTCDate() + 4 - (thursday.getUTCDay() || 7))
  return { year: thursday.getUTCFullYear(), week: Math.ceil(dayOfYear(thursday) / 7) }
}

/** Weeks that begin on Sunday; days before the year's first Sunday are in week 0. */
export function weekOfYear(date: Date): number {
  return Math.floor((dayOfYear(date) + 6 - date.getUTCDay()) / 7)
}
