import type { HolidayCalendar } from './holidays.ts'

/** ISO 8601 weekdays (1 Monday to 7 Sunday). */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7

/** When texts may be sent, in local time. Minutes from midnight: `from` is allowed, `to` no more; `from` < `to` <= 1440. */
export interface SendWindow {
  readonly days: readonly Weekday[]
  readonly from: number
  readonly to: number
}

/** `primary`: read in the law itself; `secondary`: in a summary of it; `unverified`: sources disagree or only one tells. */
export type Confidence = 'primary' | 'secondary' | 'unverified'

export interface QuietHoursRule {
  readonly id: string
  /** ISO 3166-1 or 3166-2. */
  readonly jurisdiction: string
  readonly windows: readonly SendWindow[]
  /** Days of this calendar are closed. */
  readonly closedOn?: HolidayCalendar
  /** No more texts to one number than this, whatever the hour. */
  readonly cap?: Cap
  readonly source: string
  readonly confidence: Confidence
}

/** At most so many texts to one number within so many hours, counted back from each. */
export interface Cap {
  readonly texts: number
  readonly hours: number
}

export interface QuietHoursTable {
  readonly version: string
  readonly rules: readonly QuietHoursRule[]
}

const all: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7]
const week: readonly Weekday[] = [1, 2, 3, 4, 5]
const notSunday: readonly Weekday[] = [1, 2, 3, 4, 5, 6]
const hours = (days: readonly Weekday[], from: number, to: number): SendWindow => ({
  days,
  from: from * 60,
  to: to * 60,
})
const daily = (from: number, to: number) => [hours(all, from, to)]
const threeADay: Cap = { texts: 3, hours: 24 }
const dropcowboy = 'dropcowboy.com/state-compliance (1 Nov 2025)'

/**
 * Hours in which texts may be sent, as sources told them in November 2026. Rules add to one another: a text to Florida
 * keeps `us-federal` and `us-fl`. `us-any` stands in for the state's rule where the state is not known.
 */
export const quietHoursTable: QuietHoursTable = {
  version: '2026-11',
  rules: [
    rule('us-federal', 'US', daily(8, 21), 'primary', '47 CFR 64.1200(c)(1)'),
    rule('us-any', 'US', daily(9, 20), 'secondary', 'the states’ common hours, where the state is not known'),
    { ...rule('us-fl', 'US-FL', daily(8, 20), 'primary', 'Fla. Stat. 501.616(6)'), cap: threeADay },
    { ...rule('us-ok', 'US-OK', daily(8, 20), 'secondary', '15 O.S. 775C.4'), cap: threeADay },
    { ...rule('us-md', 'US-MD', daily(8, 20), 'secondary', 'Stop the Spam Calls Act'), cap: threeADay },
    { ...rule('us-or', 'US-OR', daily(8, 20), 'secondary', 'HB 3865, from 1 Jan 2026'), cap: threeADay },
    rule('us-wa', 'US-WA', daily(8, 20), 'primary', 'RCW 80.36.390'),
    rule(
      'us-tx',
      'US-TX',
      [hours(notSunday, 9, 21), hours([7], 12, 21)],
      'secondary',
      'SB 140, from 1 Sep 2025',
    ),
    rule('us-ct', 'US-CT', daily(9, 20), 'secondary', 'SB 1058'),
    rule('us-al', 'US-AL', [hours(notSunday, 8, 20)], 'secondary', dropcowboy, 'US'),
    rule('us-la', 'US-LA', [hours(notSunday, 8, 20)], 'secondary', dropcowboy, 'US-LA'),
    rule('us-ms', 'US-MS', [hours(notSunday, 8, 20)], 'secondary', dropcowboy),
    rule('us-ma', 'US-MA', daily(8, 20), 'secondary', `${dropcowboy}; usestello.com (8 Apr 2026)`),
    rule('us-nv', 'US-NV', daily(9, 20), 'secondary', dropcowboy),
    rule('us-ky', 'US-KY', daily(10, 21), 'secondary', 'KRS 367.46955'),
    rule(
      'us-ri',
      'US-RI',
      [hours(week, 9, 18), hours([6, 7], 10, 17)],
      'secondary',
      'referrizer.com; details differ between lists',
      'US',
    ),
    rule('us-nj', 'US-NJ', daily(8, 20), 'unverified', 'one list only'),
    rule('us-ca', 'US-CA', daily(9, 21), 'unverified', 'lists disagree'),
    rule('us-il', 'US-IL', daily(9, 21), 'unverified', 'lists disagree'),
    rule('us-mi', 'US-MI', daily(9, 21), 'secondary', 'lists of state rules'),
    rule('us-mn', 'US-MN', daily(9, 21), 'secondary', 'lists of state rules'),
    rule('us-nm', 'US-NM', daily(9, 21), 'secondary', 'lists of state rules'),
    rule('us-va', 'US-VA', daily(8, 21), 'secondary', 'SB 1339, from 1 Jan 2026'),
    rule(
      'fr',
      'FR',
      [hours(week, 8, 20), hours([6], 10, 18)],
      'secondary',
      'goacoustic.com, the stricter of two readings',
      'FR',
    ),
  ],
}

function rule(
  id: string,
  jurisdiction: string,
  windows: readonly SendWindow[],
  confidence: Confidence,
  source: string,
  closedOn?: HolidayCalendar,
): QuietHoursRule {
  return { id, jurisdiction, windows, source, confidence, ...(closedOn ? { closedOn } : {}) }
}
