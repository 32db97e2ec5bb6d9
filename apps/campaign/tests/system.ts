import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ComplianceRouter } from '@heed/compliance/router'
import { generateSecrets, openProcessGroup, stackConfig, startServices } from '@heed/local-stack'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { createRpcClient, type Role, type RpcClient, signToken } from '@heed/rpc'
import { newAccountId, newPhoneNumber, testBus, testDatabase } from '@heed/testkit'
import type { CampaignRouter } from '../src/router.ts'

export interface PhoneMessage {
  readonly sid: string
  readonly from: string
  readonly body: string
  readonly receivedAt: string
}

/** Compliance, a carrier and campaign as they run, each a process of its own, on databases of their own. */
export async function startSystem(
  campaignEnvironment: Readonly<Record<string, string>> = {},
  others: readonly string[] = [],
) {
  await using opening = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'heed-campaign-'))
  opening.defer(() => rmSync(folder, { recursive: true, force: true }))
  const database = opening.use(await testDatabase('campaign'))
  const complianceDatabase = database.connection.db(database.name.replace('campaign', 'compliance'))
  opening.defer(async () => void (await complianceDatabase.dropDatabase()))
  const bus = opening.use(await testBus({ databaseId: database.databaseId }))
  const group = opening.use(await openProcessGroup(join(folder, 'processes')))
  const secrets = await generateSecrets()
  const output: string[] = []
  const services = opening.use(
    await startServices({
      config: stackConfig(),
      names: ['compliance', 'carrier-sim', ...others, 'campaign'],
      group,
      mongodbUrl: database.url,
      natsUrl: bus.url,
      databaseId: database.databaseId,
      secrets,
      dataRoot: join(folder, 'data'),
      extra: { campaign: campaignEnvironment },
      sink: (line, name) => void output.push(`${name} ${line}`),
    }),
  )
  const clients = opening.use(new AsyncDisposableStack())
  const options = (url: string, role: Role, accounts: readonly string[] = ['*']) => ({
    url,
    token: () => signToken({ key: secrets.developerKey, role, accounts, ttlSeconds: 600 }),
    timeoutMs: 10_000,
  })
  const url = (name: string) => services.urls[name] ?? ''
  const campaignAt = (address: string, role: Role = 'operator', accounts?: readonly string[]) =>
    clients.use(createRpcClient<CampaignRouter>(options(address, role, accounts))).rpc.broadcasts
  const compliance = clients.use(createRpcClient<ComplianceRouter>(options(url('compliance'), 'admin'))).rpc
  const open = opening.move()
  return {
    database,
    complianceDatabase,
    bus,
    services,
    compliance,
    clientOptions: (name: string, role: Role = 'operator') => options(url(name), role),
    /** Compliance, called in another role. */
    clientAs: (role: Role) =>
      clients.use(createRpcClient<ComplianceRouter>(options(url('compliance'), role))).rpc,
    /** What the services have written to their logs. */
    output,
    broadcasts: campaignAt(url('campaign')),
    campaignAt,
    campaignUrl: url('campaign'),
    ...carrierAt(url('carrier-sim')),
    ...accountsOf(compliance),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

export type System = Awaited<ReturnType<typeof startSystem>>

function carrierAt(url: string) {
  return {
    async faults(faults: readonly object[]) {
      await fetch(`${url}/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ faults }),
      })
    },
    async phone(number: string): Promise<PhoneMessage[]> {
      const answer = await fetch(`${url}/phones/${encodeURIComponent(number)}`)
      return (await answer.json()) as PhoneMessage[]
    },
  }
}

function accountsOf(compliance: RpcClient<ComplianceRouter>['rpc']) {
  return {
    async newAccount(): Promise<{ accountId: AccountId; from: PhoneNumber }> {
      const accountId = newAccountId()
      const from = newPhoneNumber()
      await compliance.accounts.create.mutate({ name: 'Acme', accountId })
      await compliance.accounts.addNumber.mutate({ accountId, number: from })
      return { accountId, from }
    },
    async optOut(accountId: AccountId, numbers: readonly string[]) {
      return compliance.consent.optOut.mutate({
        accountId,
        numbers: [...numbers],
        cause: 'by-hand',
        source: `test-${crypto.randomUUID()}`,
      })
    },
  }
}

/** Numbers that differ, each with no contact. */
export function newRecipients(count: number): { number: PhoneNumber }[] {
  const numbers = new Set<PhoneNumber>()
  while (numbers.size < count) numbers.add(newPhoneNumber())
  return [...numbers].map((number) => ({ number }))
}
