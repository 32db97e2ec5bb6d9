import { privateKeySetting, publicKeysSetting } from '@heed/rpc'
import { commonConfig } from '@heed/service'
import { z } from 'zod'

const httpUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''))

export const config = commonConfig.extend({
  PORT: commonConfig.shape.PORT.default(4000),
  MONGODB_URL: z.string().min(1),
  NATS_URL: z.string().min(1),
  COMPLIANCE_URL: httpUrl,
  /** Where the carrier reaches this service: what it signs, whatever a Host header says. */
  PUBLIC_URL: httpUrl,
  TWILIO_BASE_URL: httpUrl.default('https://api.twilio.com'),
  TWILIO_ACCOUNT_SID: z.string().min(1).max(64),
  TWILIO_AUTH_TOKEN: z.string().min(1),
  /** Signs this service's own tokens, as `inbound`. */
  TOKEN_PRIVATE_KEY: privateKeySetting,
  /** Who may ask what arrived, for a conversation or after a restore of compliance; without it nobody may. */
  TOKEN_PUBLIC_KEYS: publicKeysSetting.optional(),
  /** Where the journal is. It should outlive the process and the machine's restart. */
  DATA_DIR: z.string().min(1).optional(),
  /** Sets the database of one life of the system apart from another's on the same server. */
  DATABASE_ID: z.string().optional(),
  /** How often the carrier's list of messages is read. */
  RECONCILE_EVERY_MS: z.coerce.number().int().min(100).max(3_600_000).default(300_000),
})
export type Config = z.infer<typeof config>
