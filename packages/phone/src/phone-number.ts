import { z } from 'zod'

/** A number in E.164 form: `+`, then 7 to 15 digits, the first not 0 (ITU-T E.164, 6). */
export const PhoneNumber = z.e164().brand<'PhoneNumber'>()
export type PhoneNumber = z.infer<typeof PhoneNumber>
