import { privateKeySetting, publicKeysSetting } from '@heed/rpc'
import { commonConfig } from '@heed/service'
import { z } from 'zod'

const httpUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''))

export const config = commonConfig.extend({
  PORT: commonConfig.shape.PORT.default(4006),
  /** A replica set or sharded cluster, or the embedded database in development. */
  MONGODB_URL: z.string().min(1),
  NATS_URL: z.string().min(1),
  COMPLIANCE_URL: httpUrl,
  MESSAGES_URL: httpUrl,
  /** Where people are enrolled; only what names a sequence needs it. */
  SEQUENCE_URL: httpUrl,
  /** Where CRMs reach this service: what HubSpot signs, whatever a Host header says. */
  PUBLIC_URL: httpUrl,
  HUBSPOT_BASE_URL: httpUrl.default('https://api.hubapi.com'),
  /** Seals what CRMs give us to keep: 32 random bytes in base64 (`openssl rand -base64 32`). */
  SECRETS_KEY: z.base64().refine((key) => Buffer.from(key, 'base64').length === 32, {
    message: '32 bytes in base64',
  }),
  /** Signs the tokens of our own calls, in the roles `sender` and `operator`. */
  TOKEN_PRIVATE_KEY: privateKeySetting,
  /** Which key may call as which roles, for which accounts. */
  TOKEN_PUBLIC_KEYS: publicKeysSetting,
  /** Sets the database of one life of the system apart from another's on the same server. */
  DATABASE_ID: z.string().optional(),
  /** How often changes are looked for that no event told of. */
  SWEEP_MS: z.coerce.number().int().min(50).max(3_600_000).default(10_000),
})
export type Config = z.infer<typeof config>
