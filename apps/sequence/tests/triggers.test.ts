import { openPeople } from '@heed/audience'
import type { ContactsRouter } from '@heed/contacts/router'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { createRpcClient, type Role, refusalReason, signToken } from '@heed/rpc'
import { checkNothingOpen, newPhoneNumber, waitFor } from '@heed/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changesOf } from '../src/people.ts'
import { openMarks } from '../src/store/marks.ts'
import { openSequences } from '../src/store/sequences.ts'
import { followTriggers } from '../src/use-cases/triggers.ts'
import { optIn, optOut, sequenceClient, startHere, startSystem, type TestAccount } from './start-system.ts'

checkNothingOpen()

const resources = new AsyncDisposableStack()
let system: Awaited<ReturnType<typeof startSystem>>
let contacts: ReturnType<typeof createRpcClient<ContactsRouter>>['rpc']['contacts']
beforeAll(async () => {
  system = resources.use(await startSystem({ others: ['contacts'] }))
  const { developerKey: key } = system.secrets
  const token = (role: Role) => () => signToken({ key, role, accounts: ['*'], ttlSeconds: 600 })
  const url = system.services.urls.contacts ?? ''
  contacts = resources.use(
    createRpcClient<ContactsRouter>({ url, token: token('operator'), timeoutMs: 10_000 }),
  ).rpc.contacts
})
afterAll(() => resources.disposeAsync())

type Here = Awaited<ReturnType<typeof startHere>>
const soon = { timeoutMs: 15_000 }
/** No event is heard, so that what is found is found by asking contacts. */
const deaf = { NATS_URL: 'nats://127.0.0.1:9', SWEEP_MS: '200' }

async function person(accountId: AccountId, tags: string[] = []) {
  const numbers: [PhoneNumber, PhoneNumber] = [newPhoneNumber(), newPhoneNumber()]
  const { contactId } = await contacts.create.mutate({ accountId, numbers, tags })
  return { contactId, number: numbers[0] }
}
const tag = (accountId: AccountId, contactId: string, ...add: string[]) =>
  contacts.tag.mutate({ accountId, contactIds: [contactId], add })
const untag = (accountId: AccountId, contactId: string, ...remove: string[]) =>
  contacts.tag.mutate({ accountId, contactIds: [contactId], remove })

async function triggered({ rpc }: Here, account: TestAccount, more: { excludeTags?: string[] } = {}) {
  const given = { ...account, steps: [{ delayMs: 0, text: 'One.' }], triggers: ['VIP'], ...more }
  const { sequenceId } = await rpc.sequences.create.mutate(given)
  const one = { accountId: account.accountId, sequenceId }
  return { one, enrolled: async () => (await rpc.sequences.enrolments.query(one)).rows }
}

test('who gets a tag is enrolled at once by their first number, who has it already or an excluded one is not', async () => {
  await using here = await startHere(system)
  const account = await system.newAccount()
  const { accountId } = account
  const before = await person(accountId, ['vip'])
  const told = async () => (await contacts.changes.query({ accountId })).changes.length
  await waitFor(async () => (await told()) === 1, soon)
  const { enrolled } = await triggered(here, account, { excludeTags: ['blacklist'] })
  const excluded = await person(accountId, ['Blacklist', 'Vip'])
  const [later, born] = [await person(accountId), await person(accountId, ['vip'])]
  await tag(accountId, later.contactId, 'Vip')
  await waitFor(async () => (await enrolled()).length === 2, soon)
  expect((await enrolled()).map(({ number, contactId }) => [number, contactId]).sort()).toEqual(
    [later, born].map(({ number, contactId }) => [number, contactId]).sort(),
  )
  await waitFor(async () => (await system.carrier.texts(later.number)).length === 1, soon)
  expect(await system.carrier.texts(excluded.number)).toEqual([])
  expect(await system.carrier.texts(before.number)).toEqual([])
})

test('a tag that is taken away and given again enrols nobody twice, also after an opt-out and an opt-in', async () => {
  await using here = await startHere(system)
  const account = await system.newAccount()
  const { accountId } = account
  const { enrolled } = await triggered(here, account)
  const { contactId, number } = await person(accountId)
  await optOut(system, accountId, number)
  await tag(accountId, contactId, 'vip')
  await waitFor(async () => (await enrolled())[0]?.state === 'suppressed', soon)
  await optIn(system, accountId, number)
  await untag(accountId, contactId, 'vip')
  await tag(accountId, contactId, 'vip')
  const next = await person(accountId, ['vip'])
  await waitFor(async () => (await enrolled()).some((row) => row.number === next.number), soon)
  expect((await enrolled()).map((row) => row.number)).toEqual([number, next.number])
  expect(await system.carrier.texts(number)).toEqual([])
})

test('tags given by an import while the service is down are found without any event, by several copies once', async () => {
  const account = await system.newAccount()
  const { accountId } = account
  let one: Awaited<ReturnType<typeof triggered>>['one']
  {
    await using here = await startHere(system, deaf)
    one = (await triggered(here, account)).one
  }
  const numbers = Array.from({ length: 750 }, newPhoneNumber)
  for (const [part, some] of [numbers.slice(0, 400), numbers.slice(400)].entries()) {
    const rows = some.map((number, line) => ({ line: line + 1, numbers: [number], tags: ['vip'] }))
    await contacts.importRows.mutate({ accountId, importId: `im_00000000${part}00000000`, rows })
  }
  await using first = await startHere(system, deaf)
  await using _second = await startHere(system, deaf)
  const active = async () => (await first.rpc.sequences.get.query(one)).enrolments
  await waitFor(async () => Object.values(await active()).reduce((sum, count) => sum + count, 0) === 750, {
    timeoutMs: 30_000,
  })
  const { rows } = await first.rpc.sequences.enrolments.query({ ...one, limit: 1_000 })
  expect(new Set(rows.map(({ number }) => number))).toEqual(new Set(numbers))
  await first.rpc.sequences.cancel.mutate(one)
})

test('whom a crash kept from being enrolled is enrolled when the page is taken again', async () => {
  // Nothing follows by itself here.
  await using here = await startHere(system, { ...deaf, SWEEP_MS: '600000' })
  const account = await system.newAccount()
  const { accountId } = account
  const db = system.database.connection.db(system.database.name)
  const sequences = await openSequences(db)
  const { enrolled } = await triggered(here, account)
  const { number } = await person(accountId, ['vip'])
  const following = (crash: boolean) =>
    followTriggers({
      sequences,
      marks: openMarks(db),
      changes: changesOf({ contacts } as never),
      people: crash ? () => Promise.reject(new Error('killed')) : openPeople({ contacts } as never),
      enrol: (input) => here.rpc.sequences.enrol.mutate(input),
    })
  const { signal } = new AbortController()
  await waitFor(async () => (await contacts.changes.query({ accountId })).head !== null, soon)
  await expect(following(true)(accountId, signal)).rejects.toThrow('killed')
  expect(await following(false)(accountId, signal)).toBe(false)
  expect((await enrolled()).map((row) => row.number)).toEqual([number])
})

test('a cancelled sequence enrols nobody, and one without contacts to ask is not begun', async () => {
  await using here = await startHere(system)
  const account = await system.newAccount()
  const { accountId } = account
  const { one, enrolled } = await triggered(here, account)
  const other = await triggered(here, account)
  await here.rpc.sequences.cancel.mutate(one)
  await person(accountId, ['vip'])
  await waitFor(async () => (await other.enrolled()).length === 1, soon)
  expect(await enrolled()).toEqual([])
  await using alone = await startHere(system, { CONTACTS_URL: 'http://127.0.0.1:9' })
  const refused = triggered(alone, account)
  expect(await refused.then(() => null, refusalReason)).toBe('unavailable')
})

test('an app enrols people by the role of a sender, and changes no sequence', async () => {
  await using here = await startHere(system)
  const account = await system.newAccount()
  const { one, enrolled } = await triggered(here, account)
  await using app = sequenceClient(system, here.url, 'sender')
  const number = newPhoneNumber()
  const enrol = () => app.rpc.sequences.enrol.mutate({ ...one, recipients: [{ number }] })
  expect([await enrol(), await enrol()]).toEqual([
    { enrolled: 1, known: 0 },
    { enrolled: 0, known: 1 },
  ])
  expect((await enrolled()).map((row) => row.number)).toEqual([number])
  expect(await app.rpc.sequences.cancel.mutate(one).then(() => null, refusalReason)).toBe('forbidden')
})
