export { GivenWindows, TimeZone, windowsOf } from './given-windows.ts'
export { type HoursThatBind, type HoursVerdict, hoursThatBind, judgeHours } from './judge-hours.ts'
export {
  type Cap,
  type Confidence,
  type QuietHoursRule,
  type QuietHoursTable,
  quietHoursTable,
  type SendWindow,
  type Weekday,
} from './jurisdictions.ts'
export { isZone } from './local-time.ts'
export { placeFields, type StatedPlace, statedPlace } from './stated-place.ts'
