import type { CampaignRouter } from '@heed/campaign/router'
import type { ComplianceRouter } from '@heed/compliance/router'
import type { InboundRouter } from '@heed/inbound-sms/router'
import { isUnknownOutcome } from '@heed/mongo'
import { complianceCalls, openSender, startOutbound } from '@heed/outbound'
import { createRpcClient, serveRouter, serviceCalls, tokenVerifier } from '@heed/rpc'
import type { SequenceRouter } from '@heed/sequence/router'
import {
  createMetrics,
  type Logger,
  openAlarms,
  type RaiseAlarm,
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
  const { db, bus, carrier, ready, limits } = opening.use(
    await openSender({ app: 'messages', config, log, metrics, stopping: signal }),
  )
  const rpc = openCalls(opening, config, raise)
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
      limits,
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
        ...ready,
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
