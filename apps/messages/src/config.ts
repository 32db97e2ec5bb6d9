import { senderConfig } from '@heed/outbound'
import { z } from 'zod'

export const config = senderConfig.extend({
  PORT: senderConfig.shape.PORT.default(4005),
  /** The three tell of a person's other texts; only the conversation view needs them. */
  INBOUND_URL: z.url(),
  CAMPAIGN_URL: z.url(),
  SEQUENCE_URL: z.url(),
})
export type Config = z.infer<typeof config>
