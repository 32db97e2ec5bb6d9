import { senderConfig } from '@heed/outbound'
import { z } from 'zod'

export const config = senderConfig.extend({
  PORT: senderConfig.shape.PORT.default(4004),
  /** Tells who is meant by an audience and who has a tag; only what names them needs it. */
  CONTACTS_URL: z.url(),
  /** How often tags are looked for that enrol and of which no event told. */
  SWEEP_MS: z.coerce.number().int().min(200).max(600_000).default(10_000),
  /** Tells who has answered; only sequences that end then need it. */
  INBOUND_URL: z.url(),
})
export type Config = z.infer<typeof config>
