import { openAudiences } from '@heed/audience'
import type { ComplianceRouter } from '@heed/compliance/router'
import type { ContactsRouter } from '@heed/contacts/router'
import type { InboundRouter } from '@heed/inbound-sms/router'
import { connectMongo, databaseName, isUnknownOutcome } from '@heed/mongo'
import { openBus } from '@heed/nats'
import { complianceCalls, type OutboundOptions, startOutbound, twilioCarrier } from '@heed/outbound'
import { createRpcClient, serveRouter, serviceCalls, tokenVerifier } from '@heed/rpc'
import {
  createMetrics,
  type Logger,
  openAlarms,
  type Registry,
  type RunningService,
  startHttpServer,
  startLoop,
  systemClock,
} from '@heed/service'
import { complianceOf } from './compliance.ts'
import type { Config } from './config.ts'
import { startReceipts, startSettledTexts } from './consumers.ts'
import { enrolmentOfAttempt } from './domain/enrolment.ts'
import { newEnrolmentIds, newSequenceId } from './ids.ts'
import { peopleOf } from './people.ts'
import { sequenceRouter } from './router.ts'
import { type Enrolments, openEnrolments } from './store/enrolments.ts'
import type { SequenceDocument } from './store/sequence-document.ts'
import { openSequences } from './store/sequences.ts'
import { type Composed, composeUseCases } from './use-cases/compose.ts'
import { judgeExits } from './use-cases/judge-exits.ts'

const bodyBytesMax = 4_000_000
const tidyEveryMs = 1_000

export async function startSequence(
  config: Config,
  log: Logger,
  signal?: AbortSignal,
): Promise<RunningService> {
  await using opening = new AsyncDisposableStack()
  const metrics = createMetrics({ withProcess: true })
  const clients = await openClients(opening, { config, log, metrics, signal })
  const { mongo, bus, rpc, carrier } = clients
  const db = mongo.db(databaseName('sequence', config.DATABASE_ID))
  const [sequences, enrolments] = [await openSequences(db), await openEnrolments(db)]
  // Events and results may come while this is put together, and wait for it.
  const composed = Promise.withResolvers<Composed>()
  const settled = opening.use(startSettledTexts({ carryOn: later(composed.promise), log }))
  const outbound = opening.use(
    await startOutbound<SequenceDocument>({
      app: 'sequence',
      origin: 'sequence',
      db,
      lanes: sequences.collection,
      bus,
      carrier,
      compliance: complianceCalls(rpc),
      isOwnAttempt: (attemptId) => enrolmentOfAttempt(attemptId) !== null,
      elsewhere: whatIsEnrolled(enrolments, composed.promise),
      judge: judgeExits({ sequences, enrolments, people: peopleOf(clients), now: () => new Date() }),
      onSettled: settled.onSettled,
      onLaneIdle: () => {},
      stopping: signal,
      log,
      metrics,
      limits: { inFlightMax: config.IN_FLIGHT_MAX, leaseMs: config.LEASE_MS },
    }),
  )
  const made = composeUseCases({
    sequences,
    enrolments,
    outbound,
    compliance: complianceOf(rpc),
    audience: openAudiences(clients.contacts),
    newSequenceId,
    newEnrolmentIds,
    monoMs: systemClock.monoMs,
    log,
  })
  composed.resolve(made)
  opening.use(startReceipts({ bus, outbound, carryOn: made.carryOn }))
  opening.use(startLoop({ name: 'enrolments', everyMs: tidyEveryMs, log, run: made.tidy, stopping: signal }))
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
        router: sequenceRouter(made.useCases),
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

/** Waits for what is still being put together. */
const later =
  (composed: Promise<Composed>): Composed['carryOn'] =>
  async (...some) =>
    (await composed).carryOn(...some)

/** What a block ends beside the texts that wait. */
function whatIsEnrolled(
  enrolments: Enrolments,
  composed: Promise<Composed>,
): NonNullable<OutboundOptions<SequenceDocument>['elsewhere']> {
  return {
    waitingAmong: enrolments.activeAmong,
    end: async (...block) => (await composed).endBlocked(...block),
  }
}

async function openClients(
  opening: AsyncDisposableStack,
  given: { config: Config; log: Logger; metrics: Registry; signal: AbortSignal | undefined },
) {
  const { config, log, metrics } = given
  const raise = openAlarms({ log, metrics })
  const name = 'heed-sequence'
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
  const calls = serviceCalls(config.TOKEN_PRIVATE_KEY, 'sender', raise)
  const { rpc } = opening.use(createRpcClient<ComplianceRouter>(calls(config.COMPLIANCE_URL)))
  const { rpc: contacts } = opening.use(createRpcClient<ContactsRouter>(calls(config.CONTACTS_URL)))
  const { rpc: inbound } = opening.use(createRpcClient<InboundRouter>(calls(config.INBOUND_URL)))
  const carrier = opening.use(
    twilioCarrier({
      baseUrl: config.TWILIO_BASE_URL,
      accountSid: config.TWILIO_ACCOUNT_SID,
      authToken: config.TWILIO_AUTH_TOKEN,
      publicUrl: config.PUBLIC_URL,
      connectionsMax: config.IN_FLIGHT_MAX,
    }),
  )
  return { mongo, bus, rpc, contacts, inbound, carrier }
}
