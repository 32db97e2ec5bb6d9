import { randomBytes } from 'node:crypto'
import { openAudiences } from '@heed/audience'
import type { ComplianceRouter } from '@heed/compliance/router'
import type { ContactsRouter } from '@heed/contacts/router'
import { isUnknownOutcome } from '@heed/mongo'
import { complianceCalls, type LaneId, openSender, startOutbound } from '@heed/outbound'
import { createRpcClient, serveRouter, serviceCalls, tokenVerifier } from '@heed/rpc'
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
import { openBroadcasts } from './store/broadcasts.ts'
import { composeUseCases } from './use-cases/compose.ts'

const bodyBytesMax = 2_000_000

export async function startCampaign(
  config: Config,
  log: Logger,
  signal?: AbortSignal,
): Promise<RunningService> {
  await using opening = new AsyncDisposableStack()
  const metrics = createMetrics({ withProcess: true })
  const { db, bus, carrier, ready, limits } = opening.use(
    await openSender({ app: 'campaign', config, log, metrics, stopping: signal }),
  )
  const raise = openAlarms({ log, metrics })
  const calls = serviceCalls(config.TOKEN_PRIVATE_KEY, 'sender', raise)
  const { rpc } = opening.use(createRpcClient<ComplianceRouter>(calls(config.COMPLIANCE_URL)))
  const contacts = opening.use(createRpcClient<ContactsRouter>(calls(config.CONTACTS_URL)))
  const broadcasts = await openBroadcasts(db)
  const finishing = Promise.withResolvers<(lane: LaneId) => Promise<void>>()
  const outbound = opening.use(
    await startOutbound<BroadcastDocument>({
      app: 'campaign',
      origin: 'broadcast',
      db,
      lanes: broadcasts.collection,
      textIndexes,
      bus,
      carrier,
      compliance: complianceCalls(rpc),
      isOwnAttempt: (attemptId) => attemptId.startsWith('bc_'),
      onLaneIdle: (lane) => finishWhenIdle(finishing.promise, lane, log),
      stopping: signal,
      log,
      metrics,
      limits,
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
      readiness: { ...ready, compliance: async () => void (await rpc.accounts.list.query({ limit: 1 })) },
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

const textIndexes = [
  // A number is in a broadcast once, whoever adds it and however often.
  { name: 'broadcast_number', key: { a: 1, lane: 1, number: 1 }, unique: true },
  { name: 'broadcast_contact', key: { a: 1, lane: 1, contactId: 1 } },
] as const

/** In order of time, so that the newest come first by id. */
function newId(): string {
  return `bc_${Date.now().toString(36).padStart(9, '0')}${randomBytes(8).toString('hex')}`
}
