import { newAccountId, newPhoneNumber, testDatabase } from '@heed/testkit'
import { expect, test } from 'vitest'
import { type ConsentStores, consentStores, prepareConsentStores } from '../src/store/stores.ts'
import { instance, procedures } from './instance.ts'

test('a number that one list or another always blocked is answered as blocked, whatever is folded during the read (E2)', async () => {
  await using database = await testDatabase('compliance', 'safety')
  const plain = consentStores(database.client, database.db)
  await prepareConsentStores(plain)
  const authority = instance(database, plain, async () => {})
  const { admin } = procedures(authority)
  const accountId = newAccountId()
  const number = newPhoneNumber()
  await admin.accounts.create({ accountId, name: 'A' })
  const by = { accountId, cause: 'operator' }
  const { epoch, rev } = await admin.consent.optOut({ ...by, numbers: [number], source: 'first' })
  await authority.fold(accountId)

  let isBetween = true
  /** Another list takes over from the first just between a read of heads and its read of rows. */
  const stores: ConsentStores = {
    ...plain,
    blocklist: {
      ...plain.blocklist,
      async find(...args) {
        if (isBetween) {
          isBetween = false
          await admin.consent.optOut({ ...by, numbers: [number], list: 'dnc', source: 'second' })
          await admin.consent.optIn({ ...by, number, source: 'third', note: 'asked', basis: { epoch, rev } })
          await authority.fold(accountId)
        }
        return plain.blocklist.find(...args)
      },
    },
  }
  const { sender } = procedures(instance(database, stores, async () => {}))
  const [answer] = await sender.clearance.check({ asks: [{ accountId, numbers: [number] }] })
  expect(answer).toMatchObject({ rev: 3, verdicts: [{ allowed: false, reasons: [{ list: 'dnc' }] }] })
})
