import { MongoNetworkError } from '@heed/mongo'
import { createMetrics, systemClock } from '@heed/service'
import { newAccountId, newPhoneNumber, testDatabase } from '@heed/testkit'
import { expect, test } from 'vitest'
import { complianceMetrics } from '../src/metrics.ts'
import { proveDatabase } from '../src/store/prove-database.ts'
import { consentStores, prepareConsentStores } from '../src/store/stores.ts'
import { watchBehind } from '../src/use-cases/watch-behind.ts'
import { instance, procedures } from './instance.ts'

test('changes that NATS does not take show as behind, and are an alarm after a minute', async () => {
  await using database = await testDatabase('compliance', 'safety')
  const stores = consentStores(database.client, database.db)
  await prepareConsentStores(stores)
  const compliance = instance(database, stores, async () => {
    throw new Error('NATS is away')
  })
  const { admin } = procedures(compliance)
  const { accountId } = await admin.accounts.create({ name: 'Acme', accountId: newAccountId() })
  for (const source of ['one', 'two']) {
    await admin.consent.optOut({ accountId, numbers: [newPhoneNumber()], cause: 'by-hand', source })
  }
  await compliance.settled()
  await compliance.fold(accountId)

  const registry = createMetrics({ withProcess: false })
  const alarms: unknown[] = []
  let aheadMs = 0
  const watch = watchBehind({
    stores,
    metrics: complianceMetrics(registry),
    raise: (...alarm) => void alarms.push(alarm),
    clock: { ...systemClock, now: () => systemClock.now() + aheadMs },
  })
  await watch()
  const text = await registry.metrics()
  expect(text).toContain('heed_changes_behind{step="fold"} 0')
  expect(text).toContain('heed_changes_behind{step="publish"} 2')
  expect(alarms).toEqual([])
  aheadMs = 61_000
  await watch()
  expect(alarms).toEqual([['publish-behind', { changes: 2, oldestMs: expect.any(Number) }]])
})

test('a database that refuses a linearizable read is an alarm and not served from; one that is away is waited for', async () => {
  const alarms: string[] = []
  const raise = (name: string) => void alarms.push(name)
  const onAway: unknown[] = []
  const answers = [new MongoNetworkError('reset'), null]
  const away = async () => {
    const error = answers.shift()
    if (error) throw error
  }
  await proveDatabase({ prove: away, raise, onAway: (error) => void onAway.push(error) })
  expect(onAway).toHaveLength(1)
  expect(alarms).toEqual([])

  const refused = new Error('node needs to be a replica set member')
  const prove = () => Promise.reject(refused)
  await expect(proveDatabase({ prove, raise, onAway: () => {} })).rejects.toBe(refused)
  expect(alarms).toEqual(['database-unsafe'])
})
