import { senderConfig } from '@heed/outbound'
import { z } from 'zod'

export const config = senderConfig.extend({
  PORT: senderConfig.shape.PORT.default(4003),
  /** Tells who is meant by an audience; only drafts need it. */
  CONTACTS_URL: z.url(),
})
export type Config = z.infer<typeof config>
