import { connectMongo, databaseName } from '@heed/mongo'
import { openBus } from '@heed/nats'
import type { Logger, Registry } from '@heed/service'
import { twilioCarrier } from './carrier/twilio-carrier.ts'
import type { SenderConfig } from './sender-config.ts'

/** What every service that texts stands on: its database, NATS and its connections to the carrier. */
export async function openSender(options: {
  /** Names its database and its connections: `campaign`. */
  app: string
  config: SenderConfig
  log: Logger
  metrics: Registry
  stopping: AbortSignal | undefined
}) {
  await using opening = new AsyncDisposableStack()
  const { app, config, log, metrics, stopping } = options
  const name = `heed-${app}`
  const life = config.DATABASE_ID === undefined ? {} : { databaseId: config.DATABASE_ID }
  const mongo = opening.use(
    await connectMongo({ url: config.MONGODB_URL, appName: name, purpose: 'ordinary', log, stopping }),
  )
  const bus = opening.use(openBus({ url: config.NATS_URL, name, log, metrics, ...life }))
  const carrier = opening.use(
    twilioCarrier({
      baseUrl: config.TWILIO_BASE_URL,
      accountSid: config.TWILIO_ACCOUNT_SID,
      authToken: config.TWILIO_AUTH_TOKEN,
      publicUrl: config.PUBLIC_URL,
      connectionsMax: config.IN_FLIGHT_MAX,
    }),
  )
  const open = opening.move()
  return {
    db: mongo.db(databaseName(app, config.DATABASE_ID)),
    bus,
    carrier,
    ready: { mongodb: () => mongo.ping(), nats: () => bus.ping() },
    limits: { inFlightMax: config.IN_FLIGHT_MAX, leaseMs: config.LEASE_MS },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}
