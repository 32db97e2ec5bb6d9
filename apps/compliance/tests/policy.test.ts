import { defaultPolicy, type Policy } from '@heed/clearance'
import { systemClock } from '@heed/service'
import { newAccountId, testDatabase } from '@heed/testkit'
import { expect, test } from 'vitest'
import { defaultSettings } from '../src/domain/default-settings.ts'
import { accountStore } from '../src/store/accounts.ts'
import { settingsStore } from '../src/store/settings.ts'
import { consentStores, prepareConsentStores } from '../src/store/stores.ts'
import { settingsUseCases } from '../src/use-cases/settings.ts'

const heeding = (...origins: ('broadcast' | 'sequence')[]): Policy => ({
  v: 2,
  national: [{ list: 'national-us-dnc', origins }],
})

async function openSettings() {
  await using opening = new AsyncDisposableStack()
  const { client, db } = opening.use(await testDatabase('compliance'))
  const stores = consentStores(client, db)
  await prepareConsentStores(stores)
  const accounts = accountStore(db)
  const settings = settingsStore(db)
  const a = newAccountId()
  await stores.heads.create({ a, epoch: '0123456789abcdef', policy: defaultPolicy })
  await accounts.create({ accountId: a, name: 'Acme', createdAt: new Date() })
  const open = opening.move()
  return {
    a,
    heads: stores.heads,
    /** As an interrupted change leaves it: the settings have it, the head has not. */
    addVersion: (version: number, policy: Policy) =>
      settings.add(a, version, {
        settings: { ...defaultSettings('Acme'), policy },
        at: new Date(),
        by: 'test',
      }),
    useCases: settingsUseCases({ accounts, settings, heads: stores.heads, clock: systemClock }),
    policy: async () => (await stores.heads.readMajority(a))?.policy,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

test('of two policies set in the same moment that of the later version binds, whichever reaches the head last (E1)', async () => {
  await using t = await openSettings()
  await t.heads.setPolicy(t.a, heeding('broadcast'), 2)
  await t.heads.setPolicy(t.a, defaultPolicy, 1)
  expect(await t.policy()).toEqual(heeding('broadcast'))
  await t.heads.setPolicy(t.a, heeding('sequence'), 3)
  expect(await t.policy()).toEqual(heeding('sequence'))
})

test('a policy whose change was interrupted binds from when somebody sees it in the settings (E1)', async () => {
  await using t = await openSettings()
  await t.addVersion(1, heeding('broadcast'))
  expect(await t.policy()).toEqual(defaultPolicy)
  expect((await t.useCases.get(t.a)).settings.policy).toEqual(heeding('broadcast'))
  expect(await t.policy()).toEqual(heeding('broadcast'))
})
