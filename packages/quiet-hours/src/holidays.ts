import type { LocalTime } from './local-time.ts'

export type HolidayCalendar = 'US' | 'US-LA' | 'FR'

/**
 * Whether the calendar keeps this date. `US`: the federal holidays (5 USC 6103) on their own and their observed day;
 * `US-LA`: also Mardi Gras and Good Friday (La. R.S. 1:55); `FR`: Code du travail L3133-1. Other holidays of single
 * states are in none of them.
 */
export function isHoliday(calendar: HolidayCalendar, date: LocalTime): boolean {
  if (calendar === 'FR') return isOneOf(frenchFixed, date) || isFromEaster(date, [1, 39, 50])
  if (calendar === 'US-LA' && isFromEaster(date, [-47, -2])) return true
  return isFederal(date)
}

const frenchFixed = ['1-1', '5-1', '5-8', '7-14', '8-15', '11-1', '11-11', '12-25']
const federalFixed = ['1-1', '6-19', '7-4', '11-11', '12-25']
const monday = 1
const thursday = 4

function isFederal(date: LocalTime): boolean {
  const { month, day, weekday } = date
  if (isOneOf(federalFixed, date)) return true
  // A holiday on a Saturday is observed the day before, one on a Sunday the day after.
  if (weekday === 5 && isOneOf(federalFixed, daysFrom(date, 1))) return true
  if (weekday === monday && isOneOf(federalFixed, daysFrom(date, -1))) return true
  const nth = Math.ceil(day / 7)
  if (weekday === thursday) return month === 11 && nth === 4
  if (weekday !== monday) return false
  if (month === 5) return day > 24
  return (nth === 3 && month <= 2) || (nth === 1 && month === 9) || (nth === 2 && month === 10)
}

type MonthDay = Pick<LocalTime, 'month' | 'day'>

function isOneOf(dates: readonly string[], { month, day }: MonthDay): boolean {
  return dates.includes(`${month}-${day}`)
}

function daysFrom({ year, month, day }: LocalTime, days: number): MonthDay {
  const at = new Date(Date.UTC(year, month - 1, day + days))
  return { month: at.getUTCMonth() + 1, day: at.getUTCDate() }
}

function isFromEaster({ year, month, day }: LocalTime, offsets: readonly number[]): boolean {
  const days = (Date.UTC(year, month - 1, day) - easterSunday(year)) / 86_400_000
  return offsets.includes(days)
}

/** Unix ms of the Gregorian Easter Sunday's midnight, UTC (Meeus, Jones and Butcher). */
function easterSunday(year: number): number {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const g = Math.floor((8 * b + 13) / 25)
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const sum = h + l - 7 * m + 114
  return Date.UTC(year, Math.floor(sum / 31) - 1, (sum % 31) + 1)
}
