import { consentProvisional } from '@heed/events'
import { openBus } from '@heed/nats'
import {
  createMetrics,
  type Logger,
  openAlarms,
  type RaiseAlarm,
  type RunningService,
  startHttpServer,
  systemClock,
  systemTimers,
  watchQueues,
} from '@heed/service'
import { carrierClient } from './clients/carrier.ts'
import { complianceClient } from './clients/compliance.ts'
import type { Config } from './config.ts'
import { late } from './late.ts'
import { startLoops } from './loops.ts'
import { inboundMetrics } from './metrics.ts'
import { type RouteDeps, webhookRoutes } from './routes.ts'
import { rpcRoutes } from './rpc-routes.ts'
import { dataDir } from './store/data-dir.ts'
import { type Journal, openJournal } from './store/journal.ts'
import { waitingMax as journalWaitingMax } from './store/journal-writer.ts'
import { openOwners } from './store/owners.ts'
import { openStores } from './store/stores.ts'
import { composeUseCases, type UseCases } from './use-cases/compose.ts'
import { atWorkMax } from './use-cases/inbox.ts'

const bodyBytesMax = 64 * 1024
const complianceTimeoutMs = 4_000

/**
 * Listens as soon as the journal was tried, whatever else is away: a webhook that cannot be settled is worth
 * journaling, and hints go out meanwhile.
 */
export async function startInboundSms(
  config: Config,
  log: Logger,
  stopping?: AbortSignal,
): Promise<RunningService> {
  await using opening = new AsyncDisposableStack()
  const registry = createMetrics({ withProcess: true })
  const metrics = inboundMetrics(registry)
  const raise = openAlarms({ log, metrics: registry })
  const journal = opening.use(openJournal(await dataDir(config.DATA_DIR, log, raise)))
  const owners = await openOwners(journal, raise)
  const compliance = opening.use(openCompliance(config, raise))
  const carrier = opening.use(openCarrier(config))
  const stores = opening.use(
    late(
      'MongoDB',
      (signal) => openStores({ url: config.MONGODB_URL, databaseId: config.DATABASE_ID, log, signal }),
      log,
      stopping,
    ),
  )
  const bus = opening.use(openBus({ url: config.NATS_URL, name: 'heed-inbound-sms', metrics: registry, log }))
  const surroundings = { clock: systemClock, timers: systemTimers, random: Math.random, log }
  const useCases = composeUseCases({
    ...surroundings,
    config,
    journal,
    owners,
    compliance,
    carrier,
    stores: () => stores.get(),
    bus,
    hint: (account, event) => bus.hint(consentProvisional, account, event),
    metrics,
    raise,
  })
  watchQueues(registry, queuesOf(useCases, journal))
  opening.use(useCases.inbox)
  opening.use(
    startLoops({
      ...surroundings,
      useCases,
      stores,
      bus,
      reconcileEveryMs: config.RECONCILE_EVERY_MS,
      stopping,
    }),
  )
  const webhooks = carrierRoutes(config, { ...useCases, metrics, clock: systemClock, log })
  const rpc = await rpcRoutes(config, { useCases, metrics: registry, log })
  const server = opening.use(
    await startHttpServer({
      host: config.HOST,
      port: config.PORT,
      log,
      metrics: registry,
      readiness: {
        mongodb: async () => stores.get().ping(),
        nats: () => bus.ping(),
      },
      bodyBytesMax,
      routes: (app) => {
        webhooks(app)
        rpc?.(app)
      },
    }),
  )
  const open = opening.move()
  return { url: server.url, [Symbol.asyncDispose]: () => open.disposeAsync() }
}

const queuesOf = ({ inbox }: Pick<UseCases, 'inbox'>, journal: Pick<Journal, 'waiting'>) => ({
  inbox: { depth: inbox.atWork, max: atWorkMax },
  'journal-operations': { depth: journal.waiting, max: journalWaitingMax },
})

const openCompliance = ({ COMPLIANCE_URL, TOKEN_PRIVATE_KEY }: Config, raise: RaiseAlarm) =>
  complianceClient({
    url: COMPLIANCE_URL,
    key: TOKEN_PRIVATE_KEY,
    timeoutMs: complianceTimeoutMs,
    onRefused: (call) => raise('call-refused', call),
  })

const openCarrier = ({ TWILIO_BASE_URL, TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN }: Config) =>
  carrierClient({ baseUrl: TWILIO_BASE_URL, accountSid: TWILIO_ACCOUNT_SID, authToken: TWILIO_AUTH_TOKEN })

const carrierRoutes = (config: Config, deps: Omit<RouteDeps, 'publicUrl' | 'accountSid' | 'authToken'>) =>
  webhookRoutes({
    ...deps,
    publicUrl: config.PUBLIC_URL,
    accountSid: config.TWILIO_ACCOUNT_SID,
    authToken: config.TWILIO_AUTH_TOKEN,
  })
