import { openAudiences, openPeople } from '@heed/audience'
import type { ComplianceRouter } from '@heed/compliance/router'
import type { ContactsRouter } from '@heed/contacts/router'
import type { InboundRouter } from '@heed/inbound-sms/router'
import { isUnknownOutcome } from '@heed/mongo'
import { complianceCalls, type OutboundOptions, openSender, startOutbound } from '@heed/outbound'
import { createRpcClient, type RpcClient, serveRouter, serviceCalls, tokenVerifier } from '@heed/rpc'
import {
  createMetrics,
  type Logger,
  openAlarms,
  type RaiseAlarm,
  type RunningService,
  startHttpServer,
  startLoop,
  systemClock,
} from '@heed/service'
import { complianceOf } from './compliance.ts'
import type { Config } from './config.ts'
import { startReceipts, startSettledTexts, startTriggers } from './consumers.ts'
import { enrolmentOfAttempt } from './domain/enrolment.ts'
import { newEnrolmentIds, newSequenceId } from './ids.ts'
import { changesOf, peopleOf } from './people.ts'
import { sequenceRouter } from './router.ts'
import { type Enrolments, openEnrolments } from './store/enrolments.ts'
import { openMarks } from './store/marks.ts'
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
  const { db, bus, carrier, ready, limits } = opening.use(
    await openSender({ app: 'sequence', config, log, metrics, stopping: signal }),
  )
  const { rpc, ...clients } = openClients(opening, config, openAlarms({ log, metrics }))
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
      limits,
    }),
  )
  const made = composeUseCases({
    sequences,
    enrolments,
    outbound,
    compliance: complianceOf(rpc),
    ...peopleFrom(clients.contacts),
    marks: openMarks(db),
    newSequenceId,
    newEnrolmentIds,
    monoMs: systemClock.monoMs,
    log,
  })
  composed.resolve(made)
  opening.use(startReceipts({ bus, outbound, carryOn: made.carryOn }))
  opening.use(startTriggers({ bus, sequences, follow: made.followTriggers, everyMs: config.SWEEP_MS, log }))
  opening.use(startLoop({ name: 'enrolments', everyMs: tidyEveryMs, log, run: made.tidy, stopping: signal }))
  const server = opening.use(
    await startHttpServer({
      host: config.HOST,
      port: config.PORT,
      log,
      metrics,
      readiness: { ...ready, compliance: async () => void (await rpc.accounts.list.query({ limit: 1 })) },
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

/** What the use cases ask of contacts. */
const peopleFrom = (contacts: RpcClient<ContactsRouter>['rpc']) => ({
  audience: openAudiences(contacts),
  people: openPeople(contacts),
  changes: changesOf(contacts),
})

function openClients(opening: AsyncDisposableStack, config: Config, raise: RaiseAlarm) {
  const calls = serviceCalls(config.TOKEN_PRIVATE_KEY, 'sender', raise)
  return {
    rpc: opening.use(createRpcClient<ComplianceRouter>(calls(config.COMPLIANCE_URL))).rpc,
    contacts: opening.use(createRpcClient<ContactsRouter>(calls(config.CONTACTS_URL))).rpc,
    inbound: opening.use(createRpcClient<InboundRouter>(calls(config.INBOUND_URL))).rpc,
  }
}
