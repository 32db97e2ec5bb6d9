import { commonConfig } from '@heed/service'
import { z } from 'zod'

/** What `prepare.ts` reads from its environment. */
export const prepareConfig = commonConfig.pick({ LOG_LEVEL: true }).extend({
  /** As the user that the image of MongoDB made, directly to the one member. */
  MONGODB_URL: z.string().min(1),
  /** Host and port under which the services reach the member. */
  MONGODB_MEMBER: z.string().regex(/^[\w.-]+:\d+$/),
  MONGODB_COMPLIANCE_PASSWORD: z.string().min(16),
  MONGODB_INBOUND_SMS_PASSWORD: z.string().min(16),
  MONGODB_CAMPAIGN_PASSWORD: z.string().min(16),
  MONGODB_SEQUENCE_PASSWORD: z.string().min(16),
  MONGODB_CONTACTS_PASSWORD: z.string().min(16),
  MONGODB_MESSAGES_PASSWORD: z.string().min(16),
  MONGODB_CRM_PASSWORD: z.string().min(16),
  NATS_URL: z.string().min(1),
})
export type PrepareConfig = z.infer<typeof prepareConfig>

export const environment = (): Record<string, string | undefined> => process.env
