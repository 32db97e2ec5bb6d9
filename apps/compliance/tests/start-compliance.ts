import type { AccountId, PhoneNumber } from '@heed/phone'
import { createRpcClient, generateKey, type Role, signToken } from '@heed/rpc'
import { createLogger, readConfig } from '@heed/service'
import { newAccountId, newPhoneNumber, type TestDatabase, testBus, testDatabase } from '@heed/testkit'
import { config as schema } from '../src/config.ts'
import type { ComplianceRouter } from '../src/router.ts'
import { startCompliance } from '../src/service.ts'

/** Compliance as it runs, on a database of its own, with a client for each role. */
export async function startTestCompliance(options: { database?: TestDatabase; natsUrl?: string } = {}) {
  await using opening = new AsyncDisposableStack()
  const database = options.database ?? opening.use(await testDatabase('compliance', 'safety'))
  const bus = opening.use(await testBus({ databaseId: database.databaseId }))
  const roles: Role[] = ['sender', 'inbound', 'operator', 'admin']
  const { privateKey, publicKey } = await generateKey({ kid: 'test', roles, accounts: ['*'] })
  const config = readConfig(schema, {
    PORT: '0',
    MONGODB_URL: database.url,
    NATS_URL: options.natsUrl ?? bus.url,
    DATABASE_ID: database.databaseId,
    TOKEN_PUBLIC_KEYS: JSON.stringify([publicKey]),
  })
  const service = opening.use(await startCompliance(config, createLogger('compliance', 'silent')))
  const clients = opening.use(new AsyncDisposableStack())
  const client = (role: Role, accounts: readonly string[] = ['*']) =>
    clients.use(
      createRpcClient<ComplianceRouter>({
        url: service.url,
        token: () => signToken({ key: privateKey, role, accounts, ttlSeconds: 600 }),
        timeoutMs: 10_000,
      }),
    ).rpc
  const rpc = {
    sender: client('sender'),
    inbound: client('inbound'),
    operator: client('operator'),
    admin: client('admin'),
  }
  const open = opening.move()
  return {
    url: service.url,
    database,
    bus,
    client,
    rpc,
    /** An account with a business number. */
    async newAccount(): Promise<{ accountId: AccountId; businessNumber: PhoneNumber }> {
      const accountId = newAccountId()
      const businessNumber = newPhoneNumber()
      await rpc.admin.accounts.create.mutate({ name: 'Acme', accountId })
      await rpc.admin.accounts.addNumber.mutate({ accountId, number: businessNumber })
      return { accountId, businessNumber }
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

/** A STOP as inbound-sms passes it on. */
export function textedStop(from: string, sid: string, more: { text?: string; carrierAccount?: string } = {}) {
  return {
    numbers: [from as PhoneNumber],
    cause: 'keyword',
    source: sid,
    message: {
      text: more.text ?? 'STOP',
      carrier: 'twilio',
      carrierAccount: more.carrierAccount ?? 'AC1',
      carrierMessageId: sid,
      receivedAt: new Date().toISOString(),
    },
  }
}
