import { randomBytes, randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ComplianceRouter } from '@heed/compliance/router'
import { generateSecrets, openProcessGroup, stackConfig, startServices } from '@heed/local-stack'
import type { MessagesRouter } from '@heed/messages/router'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { createRpcClient, type Role, signToken } from '@heed/rpc'
import type { SequenceRouter } from '@heed/sequence/router'
import { createLogger, readConfig } from '@heed/service'
import { newAccountId, newPhoneNumber, testBus, testDatabase, waitFor } from '@heed/testkit'
import { config as schema } from '../src/config.ts'
import type { CrmRouter } from '../src/router.ts'
import { startCrm } from '../src/service.ts'
import { app, startHubSpot } from './hubspot-server.ts'

const others = ['compliance', 'carrier-sim', 'messages', 'sequence']
/** HubSpot signs the address that it was told, wherever that leads. */
export const publicUrl = 'https://sms.example.com'

/** Compliance, messages and a carrier as processes, a HubSpot, and crm in this process, as often as a test starts it. */
export async function startSystem() {
  await using opening = new AsyncDisposableStack()
  const database = opening.use(await testDatabase('crm'))
  for (const name of ['compliance', 'messages', 'sequence']) {
    const other = database.connection.db(database.name.replace(/crm/, name))
    opening.defer(async () => void (await other.dropDatabase()))
  }
  const bus = opening.use(await testBus({ databaseId: database.databaseId }))
  const folder = mkdtempSync(join(tmpdir(), 'heed-crm-'))
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
      names: others,
      group,
    }),
  )
  const hubspot = opening.use(await startHubSpot())
  const at = (url: string, role: Role) => ({
    url,
    token: () => signToken({ key: secrets.developerKey, role, accounts: ['*'], ttlSeconds: 600 }),
    timeoutMs: 10_000,
  })
  const asked = (role: Role) =>
    opening.use(createRpcClient<ComplianceRouter>(at(urls.compliance ?? '', role))).rpc
  const [compliance, inbound] = [asked('admin'), asked('inbound')]
  const { rpc: messages } = opening.use(createRpcClient<MessagesRouter>(at(urls.messages ?? '', 'operator')))
  const { rpc: sequence } = opening.use(createRpcClient<SequenceRouter>(at(urls.sequence ?? '', 'operator')))
  const secretsKey = randomBytes(32).toString('base64')
  const open = opening.move()
  return {
    hubspot,
    compliance,
    messages: messages.messages,
    sequences: sequence.sequences,

    async newAccount(): Promise<{ accountId: AccountId; from: PhoneNumber }> {
      const accountId = newAccountId()
      const from = newPhoneNumber()
      await compliance.accounts.create.mutate({ name: 'Acme', accountId })
      await compliance.accounts.addNumber.mutate({ accountId, number: from })
      return { accountId, from }
    },

    async texts(number: string): Promise<{ body: string }[]> {
      const response = await fetch(`${urls['carrier-sim']}/phones/${encodeURIComponent(number)}`)
      return (await response.json()) as { body: string }[]
    },

    /** What inbound-sms commits for a STOP or a START. */
    async text(accountId: AccountId, number: PhoneNumber, word: 'STOP' | 'START', sentAt = new Date()) {
      const source = `SM${randomBytes(16).toString('hex')}`
      const at = sentAt.toISOString()
      const carried = { carrier: 'twilio', carrierAccount: 'AC1', carrierMessageId: source, receivedAt: at }
      const said = { accountId, cause: 'keyword', source, sentAt: at, message: { text: word, ...carried } }
      if (word === 'STOP') await inbound.consent.optOut.mutate({ ...said, numbers: [number] })
      else await inbound.consent.optIn.mutate({ ...said, number })
    },

    isOut: async (accountId: AccountId, number: PhoneNumber) =>
      (await compliance.consent.status.query({ accountId, numbers: [number] }))[0]?.state === 'out',

    /** Crm in this process; disposed of, it is as good as ended. */
    async startHere() {
      await using started = new AsyncDisposableStack()
      const environment = {
        PORT: '0',
        MONGODB_URL: database.url,
        NATS_URL: bus.url,
        DATABASE_ID: database.databaseId,
        COMPLIANCE_URL: urls.compliance ?? '',
        MESSAGES_URL: urls.messages ?? '',
        SEQUENCE_URL: urls.sequence ?? '',
        PUBLIC_URL: publicUrl,
        HUBSPOT_BASE_URL: hubspot.url,
        SECRETS_KEY: secretsKey,
        TOKEN_PRIVATE_KEY: JSON.stringify(secrets.privateKeys.crm),
        TOKEN_PUBLIC_KEYS: JSON.stringify(secrets.publicKeys),
        SWEEP_MS: '300',
      }
      const service = started.use(
        await startCrm(readConfig(schema, environment), createLogger('crm', 'silent')),
      )
      const { rpc } = started.use(createRpcClient<CrmRouter>(at(service.url, 'admin')))
      const hears = async () => (await fetch(`${service.url}/readyz`)).ok
      await waitFor(hears, { timeoutMs: 10_000 })
      const running = started.move()
      return {
        rpc: rpc.crm,
        /** Posts as a CRM does, signed for the public address. */
        async post(path: string, body: string, headers: Record<string, string>) {
          const answer = await fetch(`${service.url}${path}`, {
            method: 'POST',
            body,
            headers: { 'content-type': 'application/json', ...headers },
          })
          return { status: answer.status, json: (await answer.json()) as Record<string, unknown> }
        },
        [Symbol.asyncDispose]: () => running.disposeAsync(),
      }
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

/** What an admin gives to link a portal. */
export function hubSpotLink(account: { accountId: AccountId; from: PhoneNumber }, portalId = randomInt(1e9)) {
  const address = { code: `code-${portalId}`, redirectUri: 'https://heed.example/back' }
  const heard = { subscriptionId: 77, optOutProperty: 'sms_opt_out', country: 'US' }
  return { portalId, input: { ...account, ...app, ...address, ...heard, name: 'HubSpot' } }
}
