import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CampaignRouter } from '@heed/campaign/router'
import type { ComplianceRouter } from '@heed/compliance/router'
import { generateSecrets, openProcessGroup, stackConfig, startServices } from '@heed/local-stack'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { createRpcClient, type Role, signToken } from '@heed/rpc'
import type { SequenceRouter } from '@heed/sequence/router'
import { createLogger, readConfig } from '@heed/service'
import { newAccountId, newPhoneNumber, testBus, testDatabase, waitFor } from '@heed/testkit'
import { config as schema } from '../src/config.ts'
import type { MessagesRouter } from '../src/router.ts'
import { startMessages } from '../src/service.ts'

const others = ['compliance', 'carrier-sim', 'inbound-sms', 'campaign', 'sequence']

/** Every other service as a process, and messages in this one, as often as a test starts it. */
export async function startSystem() {
  await using opening = new AsyncDisposableStack()
  const database = opening.use(await testDatabase('messages'))
  for (const name of others.filter((other) => other !== 'carrier-sim')) {
    const other = database.connection.db(database.name.replace('messages', name))
    opening.defer(async () => void (await other.dropDatabase()))
  }
  const bus = opening.use(await testBus({ databaseId: database.databaseId }))
  const folder = mkdtempSync(join(tmpdir(), 'heed-messages-'))
  opening.defer(() => rmSync(folder, { recursive: true, force: true }))
  const group = opening.use(await openProcessGroup(join(folder, 'processes')))
  const secrets = await generateSecrets()
  const services = opening.use(
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
  const url = (name: string) => services.urls[name] ?? ''
  const at = (address: string, role: Role) => ({
    url: address,
    token: () => signToken({ key: secrets.developerKey, role, accounts: ['*'], ttlSeconds: 600 }),
    timeoutMs: 10_000,
  })
  const { rpc: compliance } = opening.use(createRpcClient<ComplianceRouter>(at(url('compliance'), 'admin')))
  const { rpc: campaign } = opening.use(createRpcClient<CampaignRouter>(at(url('campaign'), 'operator')))
  const { rpc: sequence } = opening.use(createRpcClient<SequenceRouter>(at(url('sequence'), 'operator')))
  const environment = {
    PORT: '0',
    MONGODB_URL: database.url,
    NATS_URL: bus.url,
    DATABASE_ID: database.databaseId,
    COMPLIANCE_URL: url('compliance'),
    INBOUND_URL: url('inbound-sms'),
    CAMPAIGN_URL: url('campaign'),
    SEQUENCE_URL: url('sequence'),
    PUBLIC_URL: url('inbound-sms'),
    TWILIO_BASE_URL: url('carrier-sim'),
    TWILIO_ACCOUNT_SID: secrets.twilioAccountSid,
    TWILIO_AUTH_TOKEN: secrets.twilioAuthToken,
    TOKEN_PRIVATE_KEY: JSON.stringify(secrets.privateKeys.messages),
    TOKEN_PUBLIC_KEYS: JSON.stringify(secrets.publicKeys),
  }
  const open = opening.move()
  return {
    compliance,
    campaign,
    sequence,
    phones: phonesAt(url('carrier-sim')),

    /** An account with a business number, where replies go to inbound-sms. */
    async newAccount(): Promise<{ accountId: AccountId; from: PhoneNumber }> {
      const accountId = newAccountId()
      const from = newPhoneNumber()
      await compliance.accounts.create.mutate({ name: 'Acme', accountId })
      await compliance.accounts.addNumber.mutate({ accountId, number: from })
      await send('PUT', `${url('carrier-sim')}/numbers/${encodeURIComponent(from)}`, {
        webhookUrl: `${url('inbound-sms')}/webhooks/twilio`,
      })
      return { accountId, from }
    },

    /** Messages in this process; disposed of, it is as good as ended. */
    async startHere(changes: Record<string, string> = {}) {
      await using started = new AsyncDisposableStack()
      const config = readConfig(schema, { ...environment, ...changes })
      const service = started.use(await startMessages(config, createLogger('messages', 'silent')))
      const as = (role: Role) =>
        started.use(createRpcClient<MessagesRouter>(at(service.url, role))).rpc.messages
      const clients = { operator: as('operator'), sender: as('sender') }
      const running = started.move()
      return { ...clients, [Symbol.asyncDispose]: () => running.disposeAsync() }
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

/** What a test asks of the simulated carrier. */
const phonesAt = (url: string) => ({
  async texts(number: PhoneNumber): Promise<{ body: string }[]> {
    const response = await fetch(`${url}/phones/${encodeURIComponent(number)}`)
    return (await response.json()) as { body: string }[]
  },
  /** Resolves when the webhook was answered, so when a STOP binds. */
  reply: (number: PhoneNumber, to: PhoneNumber, body: string) =>
    send('POST', `${url}/phones/${encodeURIComponent(number)}/reply`, { to, body }),
  faults: (...faults: object[]) => send('POST', `${url}/faults`, { faults }),
})

/** A carrier tells times in whole seconds: a START counts as later than a STOP from the next second on. */
export async function nextSecond(): Promise<void> {
  const second = Math.floor(Date.now() / 1_000)
  await waitFor(() => Math.floor(Date.now() / 1_000) > second)
}

async function send(method: 'POST' | 'PUT', url: string, body: object): Promise<void> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`the carrier refused: ${await response.text()}`)
}
