import { isHoliday } from './holidays.ts'
import type { QuietHoursRule, QuietHoursTable } from './jurisdictions.ts'
import { localTime, offsetMinutes } from './local-time.ts'
import { placeOf } from './places.ts'

/** The rules that speak for one text, each in every zone its person may be in. */
export interface HoursThatBind {
  readonly rules: readonly QuietHoursRule[]
  readonly zones: readonly string[]
}

export type HoursVerdict =
  /** `rules` names what was kept; none: the table has no rule for this country. */
  | { readonly outcome: 'allowed'; readonly rules: readonly string[] }
  /** `heldUntil` is the first allowed minute, Unix ms. `rule` is one that forbids `atMs`. */
  | {
      readonly outcome: 'held'
      readonly heldUntil: number
      readonly rule: Pick<QuietHoursRule, 'id' | 'jurisdiction' | 'source' | 'confidence'>
    }
  /** No minute of the next 60 days is allowed by all rules in all zones. */
  | {
      readonly outcome: 'never'
      readonly rule: Pick<QuietHoursRule, 'id' | 'jurisdiction' | 'source' | 'confidence'>
    }

const minuteMs = 60_000
const horizonMs = 60 * 86_400_000

/**
 * What of the table binds a text to `number` (E.164). `zone` is an IANA name that `isZone` knows, `zip` a US ZIP code.
 * Where zone and ZIP disagree both are kept; without either the area code tells the state, and without a state
 * the rule `us-any` stands, in every zone of the country.
 */
export function hoursThatBind(
  table: QuietHoursTable,
  text: { number: string; zone?: string; zip?: string },
): HoursThatBind {
  const { country, states, zones } = placeOf(text)
  if (country === null) return { rules: [], zones }
  const rules = table.rules.filter(({ id, jurisdiction }) => {
    if (id === 'us-any') return country === 'US' && states.length === 0
    return jurisdiction === country || states.includes(jurisdiction)
  })
  return { rules, zones }
}

/**
 * Judges the minute of `atMs` (Unix ms). Held, a text may go out at the first minute that every rule allows in every
 * zone; it is right over changes of daylight saving time and holidays. Judge again at that time: the table may be another.
 */
export function judgeHours({ rules, zones }: HoursThatBind, atMs: number): HoursVerdict {
  const bounds = rules.flatMap((rule) => zones.map((zone) => ({ rule, zone })))
  const forbids = (ms: number) => bounds.find(({ rule, zone }) => !isOpen(rule, zone, ms))
  const first = forbids(atMs)
  if (!first) return { outcome: 'allowed', rules: rules.map(({ id }) => id) }
  const { id, jurisdiction, source, confidence } = first.rule
  const rule = { id, jurisdiction, source, confidence }
  let ms = Math.floor(atMs / minuteMs) * minuteMs
  for (let by: typeof first | undefined = first; by; by = forbids(ms)) {
    ms = nextEdge(by.rule, by.zone, ms)
    if (ms - atMs > horizonMs) return { outcome: 'never', rule }
  }
  return { outcome: 'held', heldUntil: ms, rule }
}

function isOpen({ windows, closedOn }: QuietHoursRule, zone: string, ms: number): boolean {
  const local = localTime(zone, ms)
  if (closedOn && isHoliday(closedOn, local)) return false
  return windows.some(
    ({ days, from, to }) =>
      days.some((day) => day === local.weekday) && from <= local.minute && local.minute < to,
  )
}

/** The next time at which a closed rule may open: a window's begin or midnight, or a minute on where clocks change before. */
function nextEdge({ windows }: QuietHoursRule, zone: string, ms: number): number {
  const { minute } = localTime(zone, ms)
  const edge = Math.min(1440, ...windows.map(({ from }) => from).filter((from) => from > minute))
  const next = ms + (edge - minute) * minuteMs
  return offsetMinutes(zone, ms) === offsetMinutes(zone, next) ? next : ms + minuteMs
}
