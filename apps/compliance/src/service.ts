import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { consentChanged } from '@heed/events'
import { connectMongo, databaseName, isUnknownOutcome } from '@heed/mongo'
import { consentStream, openBus } from '@heed/nats'
import { serveRouter, tokenVerifier } from '@heed/rpc'
import {
  createMetrics,
  type Logger,
  openAlarms,
  type RaiseAlarm,
  type RunningService,
  startHttpServer,
  startLoop,
  systemClock,
  untilItWorks,
  watchQueues,
} from '@heed/service'
import type { Config } from './config.ts'
import { complianceMetrics } from './metrics.ts'
import { complianceRouter } from './router.ts'
import { serveUnlessRestoring } from './serve-unless-restoring.ts'
import { accountStore } from './store/accounts.ts'
import { nationalListStore } from './store/national-lists.ts'
import { proveDatabase } from './store/prove-database.ts'
import { sendingsStore } from './store/sendings.ts'
import { settingsStore } from './store/settings.ts'
import { consentStores, prepareConsentStores } from './store/stores.ts'
import { composeUseCases } from './use-cases/compose.ts'
import { finishUnfinished } from './use-cases/finish-unfinished.ts'

const bodyBytesMax = 1_000_000
const unfinishedEveryMs = 1_000
const behindEveryMs = 5_000
const settleWithinMs = 2_000

export async function startCompliance(
  config: Config,
  log: Logger,
  signal?: AbortSignal,
): Promise<RunningService> {
  await using opening = new AsyncDisposableStack()
  const registry = createMetrics({ withProcess: true })
  const metrics = complianceMetrics(registry)
  const raise = openAlarms({ log, metrics: registry })
  const { ping, ...kept } = await openStores(opening, { config, log, raise, signal })

  const bus = opening.use(openBus({ url: config.NATS_URL, name: 'heed-compliance', log, metrics: registry }))
  // So that the first event finds its stream made; publishing makes it where this has not.
  const closing = new AbortController()
  opening.defer(() => closing.abort())
  void untilItWorks(() => bus.ensureStream(consentStream), {
    backoff: { firstMs: 100, maxMs: 5_000 },
    signal: closing.signal,
  }).catch(() => {})
  const composed = composeUseCases({
    ...kept,
    publish: async (event, acknowledgedAt) => {
      await bus.publish(consentChanged, event.account, event, { acknowledgedAt })
    },
    headsPerRead: config.HEADS_PER_READ,
    clock: systemClock,
    random: Math.random,
    randomHex: (bytes) => randomBytes(bytes).toString('hex'),
    wait: sleep,
    after: (ms, run) => void setTimeout(run, ms).unref(),
    metrics,
    raise,
    log,
  })
  const { useCases, fold, relay, settled } = composed
  watchQueues(registry, composed.queues)
  // What is not published or folded by then another instance finds, or the next start.
  opening.defer(() => Promise.race([settled(), sleep(settleWithinMs, undefined, { ref: false })]))
  opening.use(
    startLoop({
      name: 'unfinished',
      everyMs: unfinishedEveryMs,
      log,
      run: finishUnfinished({ heads: kept.stores.heads, fold, relay }),
      stopping: signal,
    }),
  )
  opening.use(startLoop({ name: 'behind', everyMs: behindEveryMs, log, run: composed.watchBehind }))
  const verify = await tokenVerifier(config.TOKEN_PUBLIC_KEYS)
  const server = opening.use(
    await startHttpServer({
      host: config.HOST,
      port: config.PORT,
      log,
      metrics: registry,
      readiness: { mongodb: ping, nats: () => bus.ping() },
      bodyBytesMax,
      routes: serveRouter({
        router: complianceRouter(useCases),
        verify,
        isOutage: isUnknownOutcome,
        log,
        metrics: registry,
      }),
    }),
  )
  const open = opening.move()
  return { url: server.url, [Symbol.asyncDispose]: () => open.disposeAsync() }
}

/** Connects by two clients, one for the safety path alone, and does not return before the database has proven itself. */
async function openStores(
  opening: AsyncDisposableStack,
  given: { config: Config; log: Logger; raise: RaiseAlarm; signal: AbortSignal | undefined },
) {
  const { config, log, raise, signal } = given
  const mongo = { url: config.MONGODB_URL, appName: 'heed-compliance', log, stopping: signal }
  const safety = opening.use(await connectMongo({ ...mongo, purpose: 'safety' }))
  const ordinary = opening.use(await connectMongo({ ...mongo, purpose: 'ordinary' }))
  const name = databaseName('compliance', config.DATABASE_ID)
  const stores = consentStores(safety.client, safety.db(name))
  const accounts = accountStore(ordinary.db(name))
  const settings = settingsStore(ordinary.db(name))
  await proveDatabase({
    prove: async () => {
      await prepareConsentStores(consentStores(ordinary.client, ordinary.db(name)))
      await Promise.all([accounts.prepare(), settings.prepare()])
    },
    raise,
    onAway: (err) =>
      log.warn({ err }, 'waiting for MongoDB to take a linearizable read and a majority write'),
    ...(signal ? { signal } : {}),
  })
  opening.use(await serveUnlessRestoring(ordinary.db(name), log))
  return {
    stores,
    accounts,
    settings,
    sendings: sendingsStore(ordinary.db(name)),
    nationalLists: nationalListStore(ordinary.db(name)),
    ping: safety.ping,
  }
}
