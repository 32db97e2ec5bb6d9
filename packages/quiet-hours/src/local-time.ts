const formats = new Map<string, Intl.DateTimeFormat>()

/** A wall clock's reading. `weekday` is ISO 8601's (1 Monday to 7 Sunday), `minute` counts from midnight, 0 to 1439. */
export interface LocalTime {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly weekday: number
  readonly minute: number
}

/** Whether the host's time zone data knows this IANA name. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone)
    return true
  } catch {
    return false
  }
}

/** What clocks in `zone` show at `atMs` (Unix ms). Throws a RangeError for a zone that `isZone` denies. */
export function localTime(zone: string, atMs: number): LocalTime {
  const shown = shownAsUtc(zone, atMs)
  const at = new Date(shown)
  return {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    weekday: at.getUTCDay() || 7,
    minute: at.getUTCHours() * 60 + at.getUTCMinutes(),
  }
}

/** How far clocks in `zone` are ahead of UTC at `atMs`, a whole minute, in minutes. */
export function offsetMinutes(zone: string, atMs: number): number {
  return (shownAsUtc(zone, atMs) - atMs) / 60_000
}

function shownAsUtc(zone: string, atMs: number): number {
  const shown: Record<string, number> = {}
  for (const { type, value } of formatOf(zone).formatToParts(atMs)) shown[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = shown
  return Date.UTC(year, month - 1, day, hour, minute)
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  formats.set(zone, format)
  return format
}
