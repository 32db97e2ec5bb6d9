import { commonConfig } from '@heed/service'
import { z } from 'zod'

export const carrierSimConfig = commonConfig.extend({
  /** The one account that this carrier knows; Twilio's own library asks for an id that begins with AC. */
  TWILIO_ACCOUNT_SID: z.string().regex(/^AC[A-Za-z0-9]{1,62}$/),
  /** Checks requests and signs webhooks. */
  TWILIO_AUTH_TOKEN: z.string().min(1),
  /** Where messages, numbers and pending webhooks outlive the process; in memory only without. */
  DATA_DIR: z.string().optional(),
})
export type CarrierSimConfig = z.infer<typeof carrierSimConfig>
