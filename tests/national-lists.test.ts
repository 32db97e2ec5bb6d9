import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { refusalReason } from '@heed/rpc'
import { newPhoneNumber } from '@heed/testkit'
import { afterAll, expect, test } from 'vitest'
import { startTestCompliance, textedStop } from '../apps/compliance/tests/start-compliance.ts'
import { importList } from '../scripts/national/import-list.ts'

const t = await startTestCompliance()
const folder = mkdtempSync(join(tmpdir(), 'heed-national-'))
afterAll(async () => {
  await t[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const list = 'national-us-dnc'
const { admin, sender } = t.rpc
const policy = { v: 2 as const, national: [{ list, origins: ['broadcast' as const, 'sequence' as const] }] }
const source = (id: string) => ({ sharedList: list, source: id })

async function verdictOf(accountId: AccountId, number: PhoneNumber, origin: 'broadcast' | 'one-to-one') {
  const [answer] = await sender.clearance.check.query({ asks: [{ accountId, numbers: [number], origin }] })
  if (!answer || 'error' in answer) throw new Error('no verdict')
  const [verdict] = answer.verdicts
  return [verdict?.allowed, verdict?.reasons.map((reason) => reason.list)]
}

test('a shared list binds the accounts whose policy names it, for the purposes that it names, from its answer on', async () => {
  const [keeps, ignores] = [await t.newAccount(), await t.newAccount()]
  await admin.accounts.settings.set.mutate({ accountId: keeps.accountId, settings: { policy } })
  const number = newPhoneNumber()
  await admin.national.add.mutate({ ...source('one'), numbers: [number] })
  expect(await verdictOf(keeps.accountId, number, 'broadcast')).toEqual([false, [list]])
  expect(await verdictOf(keeps.accountId, number, 'one-to-one')).toEqual([true, [list]])
  expect(await verdictOf(ignores.accountId, number, 'broadcast')).toEqual([true, []])
  await admin.national.remove.mutate({ ...source('two'), numbers: [number] })
  expect(await verdictOf(keeps.accountId, number, 'broadcast')).toEqual([true, []])
})

test('an opt-out neither reads nor changes a shared list, and a START leaves it standing', async () => {
  const { accountId, businessNumber } = await t.newAccount()
  await admin.accounts.settings.set.mutate({ accountId, settings: { policy } })
  const number = newPhoneNumber()
  await admin.national.add.mutate({ ...source('three'), numbers: [number] })
  const stop = textedStop(number, `SM${'0'.repeat(32)}`)
  await t.rpc.inbound.consent.optOut.mutate({ ...stop, businessNumber })
  expect(await verdictOf(accountId, number, 'broadcast')).toEqual([false, ['own', list]])
  expect(await verdictOf(accountId, number, 'one-to-one')).toEqual([false, ['own', list]])
  const sentAt = new Date(Date.now() + 5_000).toISOString()
  const lift = {
    businessNumber,
    number,
    cause: 'keyword',
    source: 'SM1',
    sentAt,
    message: { ...stop.message, text: 'START' },
  }
  await t.rpc.inbound.consent.optIn.mutate(lift)
  expect((await verdictOf(accountId, number, 'broadcast'))[0]).toBe(false)
  const own = { accountId, numbers: [number], list, cause: 'manual', source: 'x', actor: 'kim' }
  expect(await admin.consent.optOut.mutate(own).then(() => null, refusalReason)).toBe('invalid-input')
})

test('nobody who acts for one account changes what blocks for several', async () => {
  const { accountId } = await t.newAccount()
  const call = t
    .client('admin', [accountId])
    .national.add.mutate({ ...source('four'), numbers: [newPhoneNumber()] })
  expect(await call.then(() => null, refusalReason)).toBe('forbidden')
})

test('a file replaces the list, its freshness is shown, and what is older than 31 days is stale', async () => {
  const { accountId } = await t.newAccount()
  const shared = 'national-carrier-dnc'
  const all = { v: 2 as const, national: [{ list: shared, origins: ['broadcast' as const] }] }
  await admin.accounts.settings.set.mutate({ accountId, settings: { policy: all } })
  const [stays, goes, comes] = [newPhoneNumber(), newPhoneNumber(), newPhoneNumber()]
  const run = (numbers: string[], asOf: Date) => {
    const path = join(folder, `${numbers.length}-${asOf.getTime()}.csv`)
    writeFileSync(path, `phone\n${numbers.join('\n')}\nno number\n`)
    return importList(admin.national, { path, list: shared, asOf, replace: true, say: () => {} })
  }
  const old = new Date(Date.now() - 40 * 86_400_000)
  expect(await run([stays, goes], old)).toMatchObject({ added: 2, removed: 0, errors: 1 })
  const shown = async () => (await admin.national.list.query({})).lists.find((one) => one.list === shared)
  expect(await shown()).toMatchObject({ asOf: old.toISOString(), isStale: true })
  expect(await run([stays, comes], new Date())).toMatchObject({ added: 2, removed: 1 })
  expect((await shown())?.isStale).toBe(false)
  const allowed = async (number: PhoneNumber) => (await verdictOf(accountId, number, 'broadcast'))[0]
  expect([await allowed(stays), await allowed(goes), await allowed(comes)]).toEqual([false, true, false])
})
