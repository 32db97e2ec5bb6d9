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
import { createRpcClient, type Role, signToken } from '@heed/rpc'
import { createLogger, type Logger, readConfig } from '@heed/service'
import { newAccountId, newPhoneNumber, testBus, testDatabase } from '@heed/testkit'
import { config as schema } from '../src/config.ts'
import type { SequenceRouter } from '../src/router.ts'
import { startSequence } from '../src/service.ts'
import { carrierAt } from './carrier.ts'

/** Nothing listens there: callbacks of the carrier go nowhere, and tests tell receipts themselves. */
const nowhere = 'http://127.0.0.1:9'

/** Compliance and the carrier as processes, and copies of sequence as processes where a test kills them. */
export async function startSystem(
  options: { copies?: number; extra?: Record<string, string>; others?: string[] } = {},
) {
  await using opening = new AsyncDisposableStack()
  const database = opening.use(await testDatabase('sequence'))
  const bus = opening.use(await testBus({ databaseId: database.databaseId }))
  const folder = mkdtempSync(join(tmpdir(), 'heed-sequence-'))
  opening.defer(() => rmSync(folder, { recursive: true, force: true }))
  const group = opening.use(await openProcessGroup(join(folder, 'processes')))
  const secrets = await generateSecrets()
  const copies = options.copies ?? 0
  const services = opening.use(
    await startServices({
      mongodbUrl: database.url,
      natsUrl: bus.url,
      databaseId: database.databaseId,
      config: stackConfig(),
      secrets,
      dataRoot: join(folder, 'data'),
      names: ['compliance', 'carrier-sim', ...(options.others ?? []), ...(copies > 0 ? ['sequence'] : [])],
      extra: { sequence: { PUBLIC_URL: nowhere, ...options.extra } },
      group,
    }),
  )
  for (let copy = 1; copy < copies; copy++) await services.addCopy('sequence')
  const { urls } = services
  const compliance = opening.use(
    createRpcClient<ComplianceRouter>({
      url: urls.compliance ?? '',
      token: tokenOf(secrets, 'admin'),
      timeoutMs: 10_000,
    }),
  ).rpc
  const environment = {
    PORT: '0',
    MONGODB_URL: database.url,
    NATS_URL: bus.url,
    DATABASE_ID: database.databaseId,
    COMPLIANCE_URL: urls.compliance ?? '',
    CONTACTS_URL: urls.contacts ?? nowhere,
    INBOUND_URL: urls['inbound-sms'] ?? nowhere,
    PUBLIC_URL: nowhere,
    TWILIO_BASE_URL: urls['carrier-sim'] ?? '',
    TWILIO_ACCOUNT_SID: secrets.twilioAccountSid,
    TWILIO_AUTH_TOKEN: secrets.twilioAuthToken,
    TOKEN_PRIVATE_KEY: JSON.stringify(secrets.privateKeys.sequence),
    TOKEN_PUBLIC_KEYS: JSON.stringify(secrets.publicKeys),
  }
  const open = opening.move()
  return {
    environment,
    secrets,
    bus,
    database,
    services,
    compliance,
    carrier: carrierAt(urls['carrier-sim'] ?? ''),
    /** An account with a business number. */
    async newAccount(): Promise<TestAccount> {
      const accountId = newAccountId()
      const from = newPhoneNumber()
      await compliance.accounts.create.mutate({ name: 'Acme', accountId })
      await compliance.accounts.addNumber.mutate({ accountId, number: from })
      return { accountId, from }
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}
export type System = Awaited<ReturnType<typeof startSystem>>

export interface TestAccount {
  readonly accountId: AccountId
  readonly from: PhoneNumber
}

/** Sequence in this process, wired to a system. */
export async function startHere(
  system: System,
  changes: Record<string, string> = {},
  log: Logger = createLogger('sequence', 'silent'),
) {
  await using opening = new AsyncDisposableStack()
  const config = readConfig(schema, { ...system.environment, ...changes })
  const service = opening.use(await startSequence(config, log))
  const client = opening.use(sequenceClient(system, service.url))
  const open = opening.move()
  return { url: service.url, rpc: client.rpc, [Symbol.asyncDispose]: () => open.disposeAsync() }
}

export function sequenceClient(
  { secrets }: Pick<System, 'secrets'>,
  url: string,
  role: Role = 'operator',
  accounts: readonly string[] = ['*'],
) {
  return createRpcClient<SequenceRouter>({ url, token: tokenOf(secrets, role, accounts), timeoutMs: 20_000 })
}

function tokenOf({ developerKey }: Secrets, role: Role, accounts: readonly string[] = ['*']) {
  return () => signToken({ key: developerKey, role, accounts, ttlSeconds: 600 })
}

/** Opts a number out as if it had texted STOP, or on another list by hand. */
export async function optOut(
  { compliance }: Pick<System, 'compliance'>,
  accountId: AccountId,
  number: PhoneNumber,
  list = 'own',
): Promise<void> {
  await compliance.consent.optOut.mutate({
    accountId,
    numbers: [number],
    list,
    cause: 'manual',
    source: `out-${list}-${number.slice(1)}-${Date.now()}`,
    actor: 'kim',
  })
}

/** Lifts the person's own opt-out by hand. */
export async function optIn(
  { compliance }: Pick<System, 'compliance'>,
  accountId: AccountId,
  number: PhoneNumber,
): Promise<void> {
  const [status] = await compliance.consent.status.query({ accountId, numbers: [number] })
  const block = status?.blocks.find(({ list }) => list === 'own')
  if (!block) throw new Error('nothing to lift')
  const { outcome } = await compliance.consent.optIn.mutate({
    accountId,
    number,
    cause: 'manual',
    source: `in-${number.slice(1)}-${Date.now()}`,
    actor: 'kim',
    note: 'asked for it',
    basis: { epoch: block.epoch, rev: block.rev },
  })
  if (outcome !== 'lifted') throw new Error(`not lifted: ${outcome}`)
}
