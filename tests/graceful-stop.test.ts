import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CampaignRouter } from '@heed/campaign/router'
import type { ComplianceRouter } from '@heed/compliance/router'
import {
  generateSecrets,
  openProcessGroup,
  serviceNames,
  stackConfig,
  startServices,
} from '@heed/local-stack'
import { createRpcClient, signToken } from '@heed/rpc'
import { newAccountId, newPhoneNumber, startProxy, testBus, testDatabase, waitFor } from '@heed/testkit'
import type { AnyRouter } from '@trpc/server'
import { expect, test } from 'vitest'

const stopWithinMs = 10_000

/** All services as processes, with a proxy before MongoDB and one before NATS, and a broadcast under way. */
async function busySystem() {
  await using opening = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'heed-stop-'))
  opening.defer(() => rmSync(folder, { recursive: true, force: true }))
  const database = opening.use(await testDatabase('campaign'))
  for (const name of ['compliance', 'inbound-sms', 'sequence', 'contacts', 'messages', 'crm']) {
    const other = database.connection.db(database.name.replace('campaign', name))
    opening.defer(async () => void (await other.dropDatabase()))
  }
  const bus = opening.use(await testBus({ databaseId: database.databaseId }))
  const proxyTo = async (url: string) => opening.use(await startProxy(Number(new URL(url).port)))
  const proxies = { mongodb: await proxyTo(database.url), nats: await proxyTo(bus.url) }
  const secrets = await generateSecrets()
  const output: string[] = []
  const services = opening.use(
    await startServices({
      config: stackConfig(),
      names: serviceNames,
      group: opening.use(await openProcessGroup(join(folder, 'processes'))),
      mongodbUrl: `mongodb://127.0.0.1:${proxies.mongodb.port}/?directConnection=true`,
      natsUrl: `nats://127.0.0.1:${proxies.nats.port}`,
      databaseId: database.databaseId,
      secrets,
      dataRoot: join(folder, 'data'),
      sink: (line, name) => void output.push(`${name} ${line}`),
    }),
  )
  const client = <Router extends AnyRouter>(name: string) =>
    opening.use(
      createRpcClient<Router>({
        url: services.urls[name] ?? '',
        token: () =>
          signToken({ key: secrets.developerKey, role: 'admin', accounts: ['*'], ttlSeconds: 600 }),
        timeoutMs: 20_000,
      }),
    ).rpc
  const { broadcasts } = client<CampaignRouter>('campaign')
  const { accounts } = client<ComplianceRouter>('compliance')
  const accountId = newAccountId()
  const from = newPhoneNumber()
  await accounts.create.mutate({ name: 'Acme', accountId })
  await accounts.addNumber.mutate({ accountId, number: from })
  const recipients = Array.from({ length: 300 }, () => ({ number: newPhoneNumber() }))
  const text = 'Hello from Acme. Reply STOP to opt out.'
  const { broadcastId } = await broadcasts.create.mutate({
    accountId,
    from,
    text,
    recipients,
    ratePerSecond: 20,
  })
  await broadcasts.start.mutate({ accountId, broadcastId })
  await waitFor(async () => (await broadcasts.get.query({ accountId, broadcastId })).counts.sent > 0, {
    timeoutMs: 20_000,
  })
  const open = opening.move()
  return { services, proxies, output, [Symbol.asyncDispose]: () => open.disposeAsync() }
}

/** Stops every service at once, and says how each ended and after how long. */
async function stopAll({ services }: Pick<Awaited<ReturnType<typeof busySystem>>, 'services'>) {
  const startedAt = performance.now()
  return Promise.all(
    serviceNames.map(async (name) => {
      const service = services.service(name)
      const ended = service.exited()
      await service.kill('SIGTERM')
      return { name, ...(await ended), tookMs: performance.now() - startedAt }
    }),
  )
}

const faults = [
  ['the database answers nothing', ['mongodb']],
  ['neither answers', ['mongodb', 'nats']],
] as const

test.each(faults)(
  'every service stops by itself within 10 s while %s',
  async (_name, hanging) => {
    await using system = await busySystem()
    for (const name of hanging) system.proxies[name].blackhole()
    const ends = await stopAll(system)
    for (const { name, code, tookMs } of ends) {
      expect({ name, code }, system.output.slice(-20).join('\n')).toEqual({ name, code: 0 })
      expect(tookMs, name).toBeLessThan(stopWithinMs)
    }
    expect(system.output.filter((line) => line.includes('could not stop in time'))).toEqual([])
    await Promise.all(Object.values(system.proxies).map((proxy) => proxy.resume()))
  },
  120_000,
)
