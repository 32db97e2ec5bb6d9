import type { CampaignRouter } from '@heed/campaign/router'
import type { ComplianceRouter } from '@heed/compliance/router'
import type { InboundRouter } from '@heed/inbound-sms/router'
import { connectMongo, databaseName, isUnknownOutcome } from '@heed/mongo'
import { openBus } from '@heed/nats'
import { complianceCalls, startOutbound, twilioCarrier } from '@heed/outbound'
import { createRpcClient, serveRouter, serviceCalls, tokenVerifier } from '@heed/rpc'
import type { SequenceRouter } from '@heed/sequence/router'
import {
  createMetrics,
  type Logger,
  openAlarms,
  type RaiseAlarm,
  type Registry,
  type RunningService,
  startHttpServer,
} from '@heed/service'
import { complianceOf } from './compliance.ts'
import type { Config } from './config.ts'
import { isMessageAttempt } from './domain/message-id.ts'
import { elsewhereOf } from './elsewhere.ts'
import { messagesRouter } from './router.ts'
import { openLanes } from './store/lanes.ts'
import { composeUseCases } from './use-cases/compose.ts'

const bodyBytesMax = 100_000

export async function startMessages(
  config: Config,
  log: Logger,
  signal?: AbortSignal,
): Promise<RunningService> {
  await using opening = new AsyncDisposableStack()
  const metrics = createMetrics({ withProcess: true })
  const raise = openAlarms({ log, metrics })
  const { mongo, bus, carrier } = await openClients(opening, { config, log, metrics, signal })
  const rpc = openCalls(opening, config, raise)
  const db = mongo.db(databaseName('messages', config.DATABASE_ID))
  const lanes = openLanes(db)
  const outbound = opening.use(
    await startOutbound({
      app: 'messages',
      origin: 'one-to-one',
      db,
      lanes: lanes.collection,
      textIndexes: [{ name: 'newest', key: { a: 1, createdAt: -1, _id: -1 } }],
      bus,
      carrier,
      compliance: complianceCalls(rpc.sender),
      isOwnAttempt: isMessageAttempt,
      onLaneIdle: () => {},
      stopping: signal,
      log,
      metrics,
      limits: { inFlightMax: config.IN_FLIGHT_MAX, leaseMs: config.LEASE_MS },
    }),
  )
  const compliance = complianceOf(rpc)
  const useCases = composeUseCases({ outbound, lanes, compliance, elsewhere: elsewhereOf(rpc), log })
  const server = opening.use(
    await startHttpServer({
      host: config.HOST,
      port: config.PORT,
      log,
      metrics,
      readiness: {
        mongodb: () => mongo.ping(),
        nats: () => bus.ping(),
        compliance: async () => void (await rpc.sender.accounts.list.query({ limit: 1 })),
      },
      bodyBytesMax,
      routes: serveRouter({
        router: messagesRouter(useCases),
        verify: await tokenVerifier(config.TOKEN_PUBLIC_KEYS),
        isOutage: isUnknownOutcome,
        log,
        metrics,
      }),
    }),
  )
  const open = opening.move()
  return { url: server.url, [Symbol.asyncDispose]: () => open.disposeAsync() }
}

/** The services asked, each in the role that it takes. */
function openCalls(opening: AsyncDisposableStack, config: Config, raise: RaiseAlarm) {
  const asSender = serviceCalls(config.TOKEN_PRIVATE_KEY, 'sender', raise)
  const asOperator = serviceCalls(config.TOKEN_PRIVATE_KEY, 'operator', raise)
  return {
    sender: opening.use(createRpcClient<ComplianceRouter>(asSender(config.COMPLIANCE_URL))).rpc,
    operator: opening.use(createRpcClient<ComplianceRouter>(asOperator(config.COMPLIANCE_URL))).rpc,
    campaign: opening.use(createRpcClient<CampaignRouter>(asOperator(config.CAMPAIGN_URL))).rpc,
    sequence: opening.use(createRpcClient<SequenceRouter>(asOperator(config.SEQUENCE_URL))).rpc,
    inbound: opening.use(createRpcClient<InboundRouter>(asOperator(config.INBOUND_URL))).rpc,
  }
}

async function openClients(
  opening: AsyncDisposableStack,
  given: { config: Config; log: Logger; metrics: Registry; signal: AbortSignal | undefined },
) {
  const { config, log, metrics } = given
  const name = 'heed-messages'
  const life = config.DATABASE_ID === undefined ? {} : { databaseId: config.DATABASE_ID }
  const mongo = opening.use(
    await connectMongo({
      url: config.MONGODB_URL,
      appName: name,
      purpose: 'ordinary',
      log,
      stopping: given.signal,
    }),
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
  return { mongo, bus, carrier }
}
