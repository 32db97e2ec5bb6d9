import { randomBytes } from 'node:crypto'
import type { ComplianceRouter } from '@heed/compliance/router'
import type { MessagesRouter } from '@heed/messages/router'
import { connectMongo, databaseName, isUnknownOutcome } from '@heed/mongo'
import { openBus } from '@heed/nats'
import { createRpcClient, serveRouter, serviceCalls, tokenVerifier } from '@heed/rpc'
import type { SequenceRouter } from '@heed/sequence/router'
import {
  Counter,
  createMetrics,
  type Logger,
  openAlarms,
  type RaiseAlarm,
  type RunningService,
  startHttpServer,
  startLoop,
} from '@heed/service'
import { complianceOf } from './compliance.ts'
import type { Config } from './config.ts'
import { startFollowing } from './consumers.ts'
import { openHubSpot } from './hubspot/client.ts'
import { messagesOf } from './messages.ts'
import { crmRouter } from './router.ts'
import { crmRoutes } from './routes.ts'
import { enrolIn } from './sequences.ts'
import { openLinks } from './store/links.ts'
import { openWork } from './store/work.ts'
import { composeUseCases } from './use-cases/compose.ts'

const bodyBytesMax = 1_000_000
const workEveryMs = 500

export async function startCrm(config: Config, log: Logger, signal?: AbortSignal): Promise<RunningService> {
  await using opening = new AsyncDisposableStack()
  const metrics = createMetrics({ withProcess: true })
  const raise = openAlarms({ log, metrics })
  const { mongo, bus, db } = await openStores(opening, { config, log, metrics, signal })
  const { compliance, messages, sequences } = openCalls(opening, config, raise)
  const done = new Counter({
    name: 'heed_crm_work_total',
    help: 'What was done at CRMs or because of them, by kind and outcome.',
    labelNames: ['kind', 'outcome'],
    registers: [metrics],
  })
  const now = () => new Date()
  const links = await openLinks(db)
  let [wakeWork, wakeSweep] = [() => {}, () => {}]
  const useCases = composeUseCases({
    key: Buffer.from(config.SECRETS_KEY, 'base64'),
    links,
    work: await openWork(db),
    hubspot: openHubSpot({ baseUrl: config.HUBSPOT_BASE_URL, now: Date.now }),
    compliance: complianceOf(compliance),
    messages: messagesOf(messages),
    enrolIn: enrolIn(sequences),
    now,
    newLinkId: () => `wh_${randomBytes(12).toString('hex')}`,
    newSecret: () => `whsec_${randomBytes(32).toString('base64')}`,
    wakeWork: () => wakeWork(),
    wakeSweep: () => wakeSweep(),
    count: (kind, outcome) => done.inc({ kind, outcome }),
    log,
  })
  const working = opening.use(
    startLoop({ name: 'crm work', everyMs: workEveryMs, log, run: useCases.doWork, stopping: signal }),
  )
  const follow = { bus, links, follow: useCases.followConsent, sweepMs: config.SWEEP_MS, log }
  const following = opening.use(startFollowing(follow))
  wakeWork = working.wake
  wakeSweep = following.wake
  const verify = await tokenVerifier(config.TOKEN_PUBLIC_KEYS)
  const procedures = serveRouter({
    router: crmRouter(useCases),
    verify,
    isOutage: isUnknownOutcome,
    log,
    metrics,
  })
  const doors = crmRoutes({ ...useCases, publicUrl: config.PUBLIC_URL, now, log })
  const server = opening.use(
    await startHttpServer({
      host: config.HOST,
      port: config.PORT,
      log,
      metrics,
      readiness: {
        mongodb: () => mongo.ping(),
        nats: () => bus.ping(),
        compliance: async () => void (await compliance.accounts.list.query({ limit: 1 })),
      },
      bodyBytesMax,
      routes: (app) => {
        procedures(app)
        doors(app)
      },
    }),
  )
  const open = opening.move()
  return { url: server.url, [Symbol.asyncDispose]: () => open.disposeAsync() }
}

function openCalls(opening: AsyncDisposableStack, config: Config, raise: RaiseAlarm) {
  const asSender = serviceCalls(config.TOKEN_PRIVATE_KEY, 'sender', raise)
  const asOperator = serviceCalls(config.TOKEN_PRIVATE_KEY, 'operator', raise)
  return {
    compliance: opening.use(createRpcClient<ComplianceRouter>(asOperator(config.COMPLIANCE_URL))).rpc,
    messages: opening.use(createRpcClient<MessagesRouter>(asSender(config.MESSAGES_URL))).rpc,
    sequences: opening.use(createRpcClient<SequenceRouter>(asSender(config.SEQUENCE_URL))).rpc,
  }
}

async function openStores(
  opening: AsyncDisposableStack,
  given: {
    config: Config
    log: Logger
    metrics: ReturnType<typeof createMetrics>
    signal: AbortSignal | undefined
  },
) {
  const { config, log, metrics } = given
  const name = 'heed-crm'
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
  return { mongo, bus, db: mongo.db(databaseName('crm', config.DATABASE_ID)) }
}
