import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ComplianceRouter } from '@heed/compliance/router'
import { generateSecrets, openProcessGroup, stackConfig, startServices } from '@heed/local-stack'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { createRpcClient, type Role, signToken } from '@heed/rpc'
import { createLogger, readConfig } from '@heed/service'
import { newAccountId, testBus, testDatabase } from '@heed/testkit'
import { config as schema } from '../src/config.ts'
import type { ContactsRouter } from '../src/router.ts'
import { startContacts } from '../src/service.ts'

/** Compliance as a process, and contacts in this one, as often as a test starts it. */
export async function startSystem() {
  await using opening = new AsyncDisposableStack()
  const database = opening.use(await testDatabase('contacts'))
  const bus = opening.use(await testBus({ databaseId: database.databaseId }))
  const other = database.connection.db(database.name.replace('contacts', 'compliance'))
  opening.defer(async () => void (await other.dropDatabase()))
  const folder = mkdtempSync(join(tmpdir(), 'heed-contacts-'))
  opening.defer(() => rmSync(folder, { recursive: true, force: true }))
  const group = opening.use(await openProcessGroup(join(folder, 'processes')))
  const secrets = await generateSecrets()
  const { urls } = opening.use(
    await startServices({
      mongodbUrl: database.url,
      natsUrl: bus.url,
      databaseId: database.databaseId,
      config: stackConfig(),
      secrets,
      dataRoot: join(folder, 'data'),
      names: ['compliance'],
      group,
    }),
  )
  const token = (role: Role, accounts: readonly string[] = ['*']) => {
    const key = secrets.developerKey
    return () => signToken({ key, role, accounts, ttlSeconds: 600 })
  }
  const url = urls.compliance ?? ''
  const asked = (role: Role) =>
    opening.use(createRpcClient<ComplianceRouter>({ url, token: token(role), timeoutMs: 10_000 })).rpc
  const [compliance, inbound] = [asked('admin'), asked('inbound')]
  const open = opening.move()
  return {
    compliance,
    database,

    async newAccount(): Promise<AccountId> {
      const accountId = newAccountId()
      await compliance.accounts.create.mutate({ name: 'Acme', accountId })
      return accountId
    },

    /** What inbound-sms commits for a STOP or a START. */
    async text(accountId: AccountId, number: PhoneNumber, word: 'STOP' | 'START', sentAt = new Date()) {
      const source = `SM${crypto.randomUUID().replaceAll('-', '')}`
      const at = sentAt.toISOString()
      const message = {
        text: word,
        carrier: 'twilio',
        carrierAccount: 'AC1',
        carrierMessageId: source,
        receivedAt: at,
      }
      const said = { accountId, cause: 'keyword', source, sentAt: at, message }
      if (word === 'STOP') await inbound.consent.optOut.mutate({ ...said, numbers: [number] })
      else await inbound.consent.optIn.mutate({ ...said, number })
    },

    /** Contacts in this process; disposed of, it is as good as ended. */
    async startHere(changes: Record<string, string> = {}) {
      await using started = new AsyncDisposableStack()
      const environment = {
        PORT: '0',
        MONGODB_URL: database.url,
        NATS_URL: bus.url,
        DATABASE_ID: database.databaseId,
        COMPLIANCE_URL: url,
        TOKEN_PRIVATE_KEY: JSON.stringify(secrets.privateKeys.contacts),
        TOKEN_PUBLIC_KEYS: JSON.stringify(secrets.publicKeys),
        SWEEP_MS: '300',
        ...changes,
      }
      const log = createLogger('contacts', 'silent')
      const service = started.use(await startContacts(readConfig(schema, environment), log))
      const client = (role: Role, accounts?: readonly string[]) =>
        started.use(
          createRpcClient<ContactsRouter>({
            url: service.url,
            token: token(role, accounts),
            timeoutMs: 10_000,
          }),
        ).rpc
      const clients = { operator: client('operator'), admin: client('admin') }
      /** It hears events from here on; what was published before is the sweep's to find. */
      const hears = async () => (await fetch(`${service.url}/readyz`)).ok
      const running = started.move()
      return { ...clients, hears, [Symbol.asyncDispose]: () => running.disposeAsync() }
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}
