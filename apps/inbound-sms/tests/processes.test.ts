import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ComplianceRouter } from '@heed/compliance/router'
import { generateSecrets, openProcessGroup, stackConfig, startServices } from '@heed/local-stack'
import { createRpcClient, signToken } from '@heed/rpc'
import { newAccountId, newPhoneNumber, testBus, testDatabase, waitFor } from '@heed/testkit'
import { expect, test } from 'vitest'
import { carrierAt } from './phones.ts'

test('E4, E7: STOPs that a carrier delivers several times, while the service is killed and started, are one each', async () => {
  await using database = await testDatabase('inbound-sms')
  await using bus = await testBus({ databaseId: database.databaseId })
  const folder = mkdtempSync(join(tmpdir(), 'heed-inbound-'))
  await using removing = new AsyncDisposableStack()
  removing.defer(() => rmSync(folder, { recursive: true, force: true }))
  await using group = await openProcessGroup(join(folder, 'processes'))
  const secrets = await generateSecrets()
  await using services = await startServices({
    config: stackConfig(),
    mongodbUrl: database.url,
    natsUrl: bus.url,
    secrets,
    dataRoot: join(folder, 'data'),
    databaseId: database.databaseId,
    names: ['compliance', 'carrier-sim', 'inbound-sms'],
    group,
  })
  await using client = createRpcClient<ComplianceRouter>({
    url: services.urls.compliance ?? '',
    token: () => signToken({ key: secrets.developerKey, role: 'admin', accounts: ['*'], ttlSeconds: 600 }),
    timeoutMs: 10_000,
  })
  const carrier = carrierAt(services.urls['carrier-sim'] ?? '')
  const [accountId, to] = [newAccountId(), newPhoneNumber()]
  await client.rpc.accounts.create.mutate({ name: 'Acme', accountId })
  await client.rpc.accounts.addNumber.mutate({ accountId, number: to })
  await carrier.setWebhook(to, `${services.urls['inbound-sms']}/webhooks/twilio`)

  const people = Array.from({ length: 24 }, newPhoneNumber)
  const replies = people.map((person) => carrier.reply(person, { to, body: 'STOP', duplicates: 2 }))
  await services.service('inbound-sms').kill('SIGKILL')
  await services.service('inbound-sms').restart()
  const answers = await Promise.all(replies)

  // What got no answer is in the journal, or is found by the poll at the start.
  const blocked = async () => {
    const all = await client.rpc.consent.status.query({ accountId, numbers: people })
    return all.every(({ state }) => state === 'out')
  }
  await waitFor(blocked, { timeoutMs: 20_000 })
  for (const person of people) {
    expect(await client.rpc.consent.history.query({ accountId, number: person })).toHaveLength(1)
    expect((await carrier.texts(person)).length).toBeLessThanOrEqual(1)
  }
  expect(answers.every(({ status }) => [0, 200, 503].includes(status))).toBe(true)
})
