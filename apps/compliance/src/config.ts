import { publicKeysSetting } from '@heed/rpc'
import { commonConfig } from '@heed/service'
import { z } from 'zod'

export const config = commonConfig.extend({
  PORT: commonConfig.shape.PORT.default(4001),
  /** A replica set or sharded cluster, or the embedded database in development. */
  MONGODB_URL: z.string().min(1),
  NATS_URL: z.string().min(1),
  /** Which key may call as which roles, for which accounts. */
  TOKEN_PUBLIC_KEYS: publicKeysSetting,
  /** Sets the database of one life of the system apart from another's on the same server. */
  DATABASE_ID: z.string().optional(),
  /** Heads in one linearizable read; 1 keeps to the letter of MongoDB's documentation. */
  HEADS_PER_READ: z.coerce.number().int().min(1).max(200).default(200),
})
export type Config = z.infer<typeof config>

/** What the command-line tools read, where they are not to work on what `npm run dev` started. */
export const environment = () => ({
  MONGODB_URL: process.env.MONGODB_URL,
  NATS_URL: process.env.NATS_URL,
  INBOUND_SMS_URLS: process.env.INBOUND_SMS_URLS,
  TOKEN_PRIVATE_KEY: process.env.TOKEN_PRIVATE_KEY,
  DATABASE_ID: process.env.DATABASE_ID,
})
