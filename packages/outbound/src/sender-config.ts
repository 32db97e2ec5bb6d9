import { privateKeySetting, publicKeysSetting } from '@heed/rpc'
import { commonConfig } from '@heed/service'
import { z } from 'zod'

/** What every service that texts is told. Each adds its port and whom else it asks. */
export const senderConfig = commonConfig.extend({
  /** A replica set or sharded cluster, or the embedded database in development. */
  MONGODB_URL: z.string().min(1),
  NATS_URL: z.string().min(1),
  COMPLIANCE_URL: z.url(),
  /** Where the carrier reaches inbound-sms: status callbacks go there. */
  PUBLIC_URL: z.url(),
  TWILIO_BASE_URL: z.url().default('https://api.twilio.com'),
  TWILIO_ACCOUNT_SID: z.string().min(1),
  TWILIO_AUTH_TOKEN: z.string().min(1),
  /** Signs the tokens of our own calls, in the role `sender` and what else the service's key is granted. */
  TOKEN_PRIVATE_KEY: privateKeySetting,
  /** Which key may call as which roles, for which accounts. */
  TOKEN_PUBLIC_KEYS: publicKeysSetting,
  /** Sets the database of one life of the system apart from another's on the same server. */
  DATABASE_ID: z.string().optional(),
  /** Texts being handed over at once by this process, each on a connection of its own. */
  IN_FLIGHT_MAX: z.coerce.number().int().min(1).max(2_000).default(100),
  /** How long a text stays with a worker that shows no life. */
  LEASE_MS: z.coerce.number().int().min(1_000).max(600_000).default(30_000),
})
export type SenderConfig = z.infer<typeof senderConfig>
