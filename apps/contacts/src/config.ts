import { privateKeySetting, publicKeysSetting } from '@heed/rpc'
import { commonConfig } from '@heed/service'
import { z } from 'zod'

export const config = commonConfig.extend({
  PORT: commonConfig.shape.PORT.default(4002),
  /** A replica set or sharded cluster, or the embedded database in development. */
  MONGODB_URL: z.string().min(1),
  NATS_URL: z.string().min(1),
  COMPLIANCE_URL: z.url(),
  /** Signs the tokens of our own calls, in the role `admin`: DNC is written, and derived blocks lifted, by it. */
  TOKEN_PRIVATE_KEY: privateKeySetting,
  /** Which key may call as which roles, for which accounts. */
  TOKEN_PUBLIC_KEYS: publicKeysSetting,
  /** Sets the database of one life of the system apart from another's on the same server. */
  DATABASE_ID: z.string().optional(),
  /** How often every account's consent is compared, beside the events that say where to look. */
  SWEEP_MS: z.coerce.number().int().min(200).max(600_000).default(10_000),
})
export type Config = z.infer<typeof config>
