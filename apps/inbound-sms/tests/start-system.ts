import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ComplianceRouter } from '@heed/compliance/router'
import {
  generateSecrets,
  openProcessGroup,
  type Secrets,
  stackConfig,
  startServices,
} from '@heed/local-stack'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { createRpcClient, signToken } from '@heed/rpc'
import { createLogger, type Logger, readConfig } from '@heed/service'
import { newAccountId, newPhoneNumber, startProxy, testBus, testDatabase } from '@heed/testkit'
import { config as schema } from '../src/config.ts'
import { startInboundSms } from '../src/service.ts'
import { doorAt, publicUrl } from './carrier-door.ts'
import { carrierAt } from './phones.ts'

/**
 * Compliance and the carrier as processes, inbound-sms in this one, with a proxy before each server that it
 * talks to, on databases and in folders of their own.
 */
export async function startSystem(options: { reconcileEveryMs?: number } = {}) {
  await using opening = new AsyncDisposableStack()
  const database = opening.use(await testDatabase('inbound-sms'))
  const bus = opening.use(await testBus({ databaseId: database.databaseId }))
  const folder = mkdtempSync(join(tmpdir(), 'heed-inbound-'))
  opening.defer(() => rmSync(folder, { recursive: true, force: true }))
  const group = opening.use(await openProcessGroup(join(folder, 'processes')))
  const secrets = await generateSecrets()
  const servers = { mongodbUrl: database.url, natsUrl: bus.url, databaseId: database.databaseId }
  const services = opening.use(
    await startServices({
      ...servers,
      config: stackConfig(),
      secrets,
      dataRoot: join(folder, 'data'),
      names: ['compliance', 'carrier-sim'],
      group,
    }),
  )
  const urls = { compliance: services.urls.compliance ?? '', carrier: services.urls['carrier-sim'] ?? '' }
  const proxyTo = async (url: string): Promise<TestProxy> =>
    opening.use(await startProxy(Number(new URL(url).port)))
  const proxies = {
    compliance: await proxyTo(urls.compliance),
    carrier: await proxyTo(urls.carrier),
    mongodb: await proxyTo(database.url),
    nats: await proxyTo(bus.url),
  }
  const rpc = opening.use(adminClient(urls.compliance, secrets)).rpc
  const environment = {
    ...environmentOf(proxies, secrets),
    DATABASE_ID: database.databaseId,
    DATA_DIR: join(folder, 'journal'),
    RECONCILE_EVERY_MS: String(options.reconcileEveryMs ?? 3_600_000),
  }
  const open = opening.move()
  return {
    environment,
    secrets,
    group,
    folder,
    bus,
    database,
    proxies,
    carrier: carrierAt(urls.carrier),
    ...accountsOf(rpc),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}
export type System = Awaited<ReturnType<typeof startSystem>>

/** inbound-sms in this process, wired to a system. */
export async function startInbound(
  system: System,
  changes: Record<string, string | undefined> = {},
  log: Logger = createLogger('inbound-sms', 'silent'),
) {
  const config = readConfig(schema, { ...system.environment, ...changes })
  const service = await startInboundSms(config, log)
  return {
    ...doorAt(service.url, system.secrets.twilioAuthToken, system.secrets.twilioAccountSid),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  }
}

type TestProxy = Awaited<ReturnType<typeof startProxy>>
type Proxies = Record<'compliance' | 'carrier' | 'mongodb' | 'nats', TestProxy>

function environmentOf(proxies: Proxies, secrets: Secrets) {
  return {
    PORT: '0',
    MONGODB_URL: `mongodb://127.0.0.1:${proxies.mongodb.port}/?directConnection=true`,
    NATS_URL: `nats://127.0.0.1:${proxies.nats.port}`,
    COMPLIANCE_URL: `http://127.0.0.1:${proxies.compliance.port}`,
    PUBLIC_URL: publicUrl,
    TWILIO_BASE_URL: `http://127.0.0.1:${proxies.carrier.port}`,
    TWILIO_ACCOUNT_SID: secrets.twilioAccountSid,
    TWILIO_AUTH_TOKEN: secrets.twilioAuthToken,
    TOKEN_PRIVATE_KEY: JSON.stringify(secrets.privateKeys['inbound-sms']),
  }
}

const adminClient = (url: string, { developerKey }: Secrets) =>
  createRpcClient<ComplianceRouter>({
    url,
    token: () => signToken({ key: developerKey, role: 'admin', accounts: ['*'], ttlSeconds: 600 }),
    timeoutMs: 10_000,
  })

function accountsOf(rpc: ReturnType<typeof adminClient>['rpc']) {
  return {
    rpc,
    async newAccount(): Promise<{ accountId: AccountId; businessNumber: PhoneNumber }> {
      const accountId = newAccountId()
      const businessNumber = newPhoneNumber()
      await rpc.accounts.create.mutate({ name: 'Acme', accountId })
      await rpc.accounts.addNumber.mutate({ accountId, number: businessNumber })
      return { accountId, businessNumber }
    },
    async status(accountId: AccountId, number: PhoneNumber) {
      const [status] = await rpc.consent.status.query({ accountId, numbers: [number] })
      return status
    },
    async history(accountId: AccountId, number: PhoneNumber) {
      return rpc.consent.history.query({ accountId, number })
    },
  }
}
