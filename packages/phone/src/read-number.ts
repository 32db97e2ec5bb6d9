import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min'
import type { PhoneNumber } from './phone-number.ts'

export type { CountryCode }

/** Whether this is a two-letter code (ISO 3166-1) of a country whose numbers are known. */
export const isCountry = (code: string): code is CountryCode => isSupportedCountry(code)

/**
 * A number as people write it, in E.164 form. One without a country code is of `country`; null where it cannot be
 * a number, or has an extension, which no text reaches.
 */
export function readNumber(written: string, country?: CountryCode): PhoneNumber | null {
  const parsed = parsePhoneNumberFromString(written, country)
  return parsed?.isPossible() && !parsed.ext ? (parsed.number as string as PhoneNumber) : null
}
