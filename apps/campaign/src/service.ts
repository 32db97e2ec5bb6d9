import { randomBytes } from 'node:crypto'
import { openAudiences } from '@heed/audience'
import type { ComplianceRouter } from '@heed/compliance/router'
import type { ContactsRouter } from '@heed/contacts/router'
import { connectMongo, databaseName, isUnknownOutcome } from '@heed/mongo'
import { openBus } from '@heed/nats'
import {
  complianceCalls,
  type LaneId,
  type Outbound,
  type OutboundOptions,
  startOutbound,
  twilioCarrier,
} from '@heed/outbound'
import { createRpcClient, type RpcClient, serveRouter, serviceCalls, tokenVerifier } from '@heed/rpc'
import {
  createMetrics,
  type Logger,
  openAlarms,
  type RunningService,
  startHttpServer,
  startLoop,
  systemClock,
} from '@heed/service'
import { complianceAccounts } from './compliance.ts'
import type { Config } from './config.ts'
import { campaignRouter } from './router.ts'
import type { BroadcastDocument } from './store/broadcast-document.ts'
import { type Broadcasts, openBroadcasts } from './store/broadcasts.ts'
import { composeUseCases } from './use-cases/compose.ts'

const bodyBytesMax = 2_000_000

export async function startCampaign(
  config: Config,
  log: Logger,
  signal?: AbortSignal,
): Promise<RunningService> {
  await using opening = new AsyncDisposableStack()
  const metrics = createMetrics({ withProcess: true })
  const life = config.DATABASE_ID === undefined ? {} : { databaseId: config.DATABASE_ID }
  const named = { name: 'heed-campaign', log }
  const url = config.MONGODB_URL
  const mongo = opening.use(
    await connectMongo({ url, appName: named.name, purpose: 'ordinary', log, stopping: signal }),
  )
  const bus = opening.use(openBus({ url: config.NATS_URL, metrics, ...named, ...life }))
  const raise = openAlarms({ log, metrics })
  const calls = serviceCalls(config.TOKEN_PRIVATE_KEY, 'sender', raise)
  const { rpc } = opening.use(createRpcClient<ComplianceRouter>(calls(config.COMPLIANCE_URL)))
  const contacts = opening.use(createRpcClient<ContactsRouter>(calls(config.CONTACTS_URL)))
  const db = mongo.db(databaseName('campaign', config.DATABASE_ID))
  const broadcasts = await openBroadcasts(db)
  const finishing = Promise.withResolvers<(lane: LaneId) => Promise<void>>()
  const outbound = opening.use(
    await openOutbound({
      config,
      stopping: signal,
      db,
      broadcasts,
      bus,
      rpc,
      log,
      metrics,
      onLaneIdle: (lane) => finishWhenIdle(finishing.promise, lane, log),
    }),
  )
  const { useCases, tidy, finishIfDone } = composeUseCases({
    broadcasts,
    outbound,
    accounts: complianceAccounts(rpc),
    audience: openAudiences(contacts.rpc),
    newId,
    monoMs: systemClock.monoMs,
  })
  finishing.resolve(finishIfDone)
  opening.use(startLoop({ name: 'broadcasts', everyMs: 1_000, log, run: tidy, stopping: signal }))
  const verify = await tokenVerifier(config.TOKEN_PUBLIC_KEYS)
  const server = opening.use(
    await startHttpServer({
      host: config.HOST,
      port: config.PORT,
      log,
      metrics,
      readiness: {
        mongodb: () => mongo.ping(),
        nats: () => bus.ping(),
        compliance: async () => void (await rpc.accounts.list.query({ limit: 1 })),
      },
      bodyBytesMax,
      routes: serveRouter({
        router: campaignRouter(useCases),
        verify,
        isOutage: isUnknownOutcome,
        log,
        metrics,
      }),
    }),
  )
  const open = opening.move()
  return { url: server.url, [Symbol.asyncDispose]: () => open.disposeAsync() }
}

function finishWhenIdle(
  finishing: Promise<(lane: LaneId) => Promise<void>>,
  lane: LaneId,
  log: Logger,
): void {
  finishing
    .then((finishIfDone) => finishIfDone(lane))
    .catch((err: unknown) => log.warn({ err, lane: lane.lane }, 'a broadcast was not finished'))
}

/** What carries the texts, and the connections to the carrier that it lends. */
async function openOutbound({
  config,
  broadcasts,
  rpc,
  ...shared
}: Pick<OutboundOptions<BroadcastDocument>, 'db' | 'bus' | 'log' | 'metrics' | 'onLaneIdle' | 'stopping'> & {
  config: Config
  broadcasts: Broadcasts
  rpc: RpcClient<ComplianceRouter>['rpc']
}): Promise<Outbound> {
  await using opening = new AsyncDisposableStack()
  const carrier = opening.use(
    twilioCarrier({
      baseUrl: config.TWILIO_BASE_URL,
      accountSid: config.TWILIO_ACCOUNT_SID,
      authToken: config.TWILIO_AUTH_TOKEN,
      publicUrl: config.PUBLIC_URL,
      connectionsMax: config.IN_FLIGHT_MAX,
    }),
  )
  const outbound = opening.use(
    await startOutbound<BroadcastDocument>({
      ...shared,
      app: 'campaign',
      origin: 'broadcast',
      lanes: broadcasts.collection,
      textIndexes,
      carrier,
      compliance: complianceCalls(rpc),
      isOwnAttempt: (attemptId) => attemptId.startsWith('bc_'),
      limits: { inFlightMax: config.IN_FLIGHT_MAX, leaseMs: config.LEASE_MS },
    }),
  )
  const open = opening.move()
  return { ...outbound, [Symbol.asyncDispose]: () => open.disposeAsync() }
}

const textIndexes = [
  // A number is in a broadcast once, whoever adds it and however often.
  { name: 'broadcast_number', key: { a: 1, lane: 1, number: 1 }, unique: true },
  { name: 'broadcast_contact', key: { a: 1, lane: 1, contactId: 1 } },
] as const

/** In order of time, so that the newest come first by id. */
function newId(): string {
  return `bc_${Date.now().toString(36).padStart(9, '0')}${randomBytes(8).toString('hex')}`
}
