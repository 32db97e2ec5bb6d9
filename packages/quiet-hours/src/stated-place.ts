import { z } from 'zod'
import { TimeZone } from './given-windows.ts'

/** Where a person is, as far as somebody said so: an IANA zone, a US ZIP code. */
export interface StatedPlace {
  readonly zone?: string
  readonly zip?: string
}

/** The fields by which callers say it. */
export const placeFields = {
  zone: TimeZone.optional(),
  /** Of the United States. */
  zip: z
    .string()
    .regex(/^\d{5}$/)
    .optional(),
}

/** What was said of the place, to be kept with a text; nothing where nothing was. */
export function statedPlace({
  zone,
  zip,
}: {
  readonly zone?: string | null | undefined
  readonly zip?: string | null | undefined
}): { readonly place?: StatedPlace } {
  if (!zone && !zip) return {}
  return { place: { ...(zone ? { zone } : {}), ...(zip ? { zip } : {}) } }
}
