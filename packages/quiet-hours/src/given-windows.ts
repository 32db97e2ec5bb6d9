import { z } from 'zod'
import type { SendWindow, Weekday } from './jurisdictions.ts'
import { isZone } from './local-time.ts'

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, { message: 'no time of day as 09:00' })
const Day = z.literal([1, 2, 3, 4, 5, 6, 7])

const Window = z
  .strictObject({
    /** ISO 8601 weekdays, 1 Monday to 7 Sunday; every day where not given. */
    days: z.array(Day).min(1).max(7).optional(),
    /** Included. */
    from: time,
    /** Not included; `24:00` is the day's end. */
    to: time,
  })
  .refine(({ from, to }) => from < to, { message: 'a window ends after it begins, on the same day' })

/** A time zone by its IANA name, as far as the host's data knows it. */
export const TimeZone = z.string().max(64).refine(isZone, { message: 'no time zone of the IANA database' })

/** When texts may be sent, as an author says it: by the clocks of one time zone. */
export const GivenWindows = z.strictObject({
  zone: TimeZone,
  windows: z.array(Window).min(1).max(20),
})
export type GivenWindows = z.infer<typeof GivenWindows>

const everyDay: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7]

/** The same, as it is judged: minutes from midnight. */
export function windowsOf({ zone, windows }: GivenWindows): { zone: string; windows: SendWindow[] } {
  return {
    zone,
    windows: windows.map(({ days = everyDay, from, to }) => ({
      days: [...days],
      from: minutes(from),
      to: minutes(to),
    })),
  }
}

const minutes = (at: string) => Number(at.slice(0, 2)) * 60 + Number(at.slice(3))
