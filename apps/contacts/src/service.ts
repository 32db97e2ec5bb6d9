import { randomBytes } from 'node:crypto'
import type { ComplianceRouter } from '@heed/compliance/router'
import { consentChanged, contactsChanged } from '@heed/events'
import { connectMongo, databaseName, isUnknownOutcome } from '@heed/mongo'
import { type Bus, openBus, startAccountEvents } from '@heed/nats'
import { createRpcClient, serveRouter, serviceCalls, tokenVerifier } from '@heed/rpc'
import {
  createMetrics,
  type Logger,
  openAlarms,
  type RunningService,
  startHttpServer,
  startLoop,
} from '@heed/service'
import { complianceOf } from './compliance.ts'
import type { Config } from './config.ts'
import { newContactId, newListId } from './ids.ts'
import { contactsRouter } from './router.ts'
import { type ChangeStore, openChangeStore } from './store/changes.ts'
import { openConsentStore } from './store/consents.ts'
import { type ContactStore, openContactStore } from './store/contacts.ts'
import { openListStore } from './store/lists.ts'
import { composeUseCases } from './use-cases/compose.ts'
import { tellChanges } from './use-cases/tell-changes.ts'

const bodyBytesMax = 1_000_000

export async function startContacts(
  config: Config,
  log: Logger,
  signal?: AbortSignal,
): Promise<RunningService> {
  await using opening = new AsyncDisposableStack()
  const metrics = createMetrics({ withProcess: true })
  const raise = openAlarms({ log, metrics })
  const name = 'heed-contacts'
  const life = config.DATABASE_ID === undefined ? {} : { databaseId: config.DATABASE_ID }
  const mongo = opening.use(
    await connectMongo({
      url: config.MONGODB_URL,
      appName: name,
      purpose: 'ordinary',
      log,
      stopping: signal,
    }),
  )
  const bus = opening.use(openBus({ url: config.NATS_URL, name, log, metrics, ...life }))
  const calls = serviceCalls(config.TOKEN_PRIVATE_KEY, 'admin', raise)
  const { rpc } = opening.use(createRpcClient<ComplianceRouter>(calls(config.COMPLIANCE_URL)))
  const db = mongo.db(databaseName('contacts', config.DATABASE_ID))
  const [contacts, changes] = [await openContactStore(db), await openChangeStore(db)]
  const telling = opening.use(startTelling({ contacts, changes, bus, everyMs: config.SWEEP_MS, log, signal }))
  const { useCases, catchUp, sweep } = composeUseCases({
    contacts,
    changes,
    written: telling.wake,
    consents: await openConsentStore(db),
    lists: await openListStore(db),
    compliance: complianceOf(rpc),
    now: () => new Date(),
    newContactId,
    newListId,
    newRequestId: () => randomBytes(12).toString('hex'),
  })
  opening.use(startAccountEvents({ bus, contract: consentChanged, catchUp, log }))
  opening.use(startLoop({ name: 'consent', everyMs: config.SWEEP_MS, log, run: sweep, stopping: signal }))
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
        router: contactsRouter(useCases),
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

/** Tells what has become of contacts, woken by each write. */
function startTelling(deps: {
  contacts: ContactStore
  changes: ChangeStore
  bus: Pick<Bus, 'publish'>
  everyMs: number
  log: Logger
  signal: AbortSignal | undefined
}) {
  const { contacts, changes, bus, everyMs, log, signal: stopping } = deps
  const run = tellChanges({
    contacts,
    changes,
    publish: (event) => bus.publish(contactsChanged, event.account, event),
    newId: () => randomBytes(8).toString('hex'),
    now: () => new Date(),
  })
  return startLoop({ name: 'changes of contacts', everyMs, log, run, stopping })
}
