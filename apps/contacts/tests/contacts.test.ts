import type { AccountId, PhoneNumber } from '@heed/phone'
import { refusalReason } from '@heed/rpc'
import { checkNothingOpen, newAccountId, newPhoneNumber, waitFor } from '@heed/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { startSystem } from './system.ts'

checkNothingOpen()

const system = await startSystem()
const contacts = await system.startHere()
afterAll(async () => {
  await contacts[Symbol.asyncDispose]()
  await system[Symbol.asyncDispose]()
})

const { operator, admin } = contacts
const reasonOf = (call: Promise<unknown>) => call.then(() => null, refusalReason)

const isOut = async (accountId: AccountId, number: PhoneNumber) =>
  (await system.compliance.consent.status.query({ accountId, numbers: [number] }))[0]?.state === 'out'

async function person(accountId: AccountId, numbers: PhoneNumber[], more: { tags?: string[] } = {}) {
  return (await operator.contacts.create.mutate({ accountId, numbers, ...more })).contactId
}

const found = async (
  accountId: AccountId,
  filter: Parameters<typeof operator.contacts.list.query>[0]['filter'],
) => (await operator.contacts.list.query({ accountId, filter })).contacts.map(({ contactId }) => contactId)

describe('the tick box', () => {
  test('an SMS opt-out by hand is committed in compliance when it is answered, and shown with its actor', async () => {
    const accountId = await system.newAccount()
    const number = newPhoneNumber()
    const contactId = await person(accountId, [number])
    const set = { accountId, contactId, number, optedOut: true, actor: 'kim' }
    const { outcome, effectiveBy } = await operator.contacts.setSmsOptOut.mutate(set)
    expect([outcome, effectiveBy !== null]).toEqual(['turned', true])
    expect(await isOut(accountId, number)).toBe(true)
    const shown = await operator.contacts.get.query({ accountId, contactId })
    expect(shown).toMatchObject({ optOut: true, consentFrom: 'authority' })
    expect(shown.standing[0]).toMatchObject({
      number,
      optOut: true,
      dnc: false,
      cause: 'manual',
      actor: 'kim',
    })
  })

  test('only an admin lifts an opt-out by hand, with a note and the block that they have seen', async () => {
    const accountId = await system.newAccount()
    const number = newPhoneNumber()
    const contactId = await person(accountId, [number])
    const set = { accountId, contactId, number }
    await operator.contacts.setSmsOptOut.mutate({ ...set, optedOut: true })
    const basis = (await operator.contacts.get.query({ accountId, contactId })).standing[0]?.blocks[0]?.basis
    const lift = { ...set, optedOut: false, basis, note: 'asked for it' }
    expect(await reasonOf(operator.contacts.setSmsOptOut.mutate(lift))).toBe('forbidden')
    expect(await reasonOf(admin.contacts.setSmsOptOut.mutate({ ...set, optedOut: false }))).toBe(
      'basis-needed',
    )
    expect(await admin.contacts.setSmsOptOut.mutate(lift)).toMatchObject({ outcome: 'lifted' })
    expect(await isOut(accountId, number)).toBe(false)
  })

  test("a number that is not the contact's, and a contact of another account, are refused", async () => {
    const [accountId, other] = [await system.newAccount(), await system.newAccount()]
    const contactId = await person(accountId, [newPhoneNumber()])
    const set = { contactId, number: newPhoneNumber(), optedOut: true }
    expect(await reasonOf(operator.contacts.setSmsOptOut.mutate({ ...set, accountId }))).toBe(
      'not-their-number',
    )
    const foreign = operator.contacts.setSmsOptOut.mutate({ ...set, accountId: other })
    expect(await reasonOf(foreign)).toBe('unknown-contact')
  })

  test('a selection is opted out with all its numbers', async () => {
    const accountId = await system.newAccount()
    const numbers = Array.from({ length: 70 }, newPhoneNumber)
    const contactIds = await Promise.all(numbers.map((number) => person(accountId, [number])))
    const answer = await operator.contacts.optOutSelection.mutate({ accountId, contactIds })
    expect(answer).toMatchObject({ contacts: 70, numbers: 70 })
    const statuses = await system.compliance.consent.status.query({ accountId, numbers })
    expect(statuses.every(({ state }) => state === 'out')).toBe(true)
  })
})

describe('all numbers of a person', () => {
  test('a STOP from one number binds the others, and a START from it frees them', async () => {
    const accountId = await system.newAccount()
    const [first, second] = [newPhoneNumber(), newPhoneNumber()]
    await person(accountId, [first, second])
    await system.text(accountId, first, 'STOP')
    await waitFor(() => isOut(accountId, second), { timeoutMs: 10_000 })
    await system.text(accountId, first, 'START', new Date(Date.now() + 5_000))
    await waitFor(async () => !(await isOut(accountId, second)), { timeoutMs: 10_000 })
    expect(await isOut(accountId, first)).toBe(false)
  })

  test("a START frees no number from which the person's own STOP came", async () => {
    const accountId = await system.newAccount()
    const [first, second, third] = [newPhoneNumber(), newPhoneNumber(), newPhoneNumber()]
    await system.text(accountId, first, 'STOP')
    await system.text(accountId, second, 'STOP')
    await person(accountId, [first, second, third])
    await waitFor(() => isOut(accountId, third), { timeoutMs: 10_000 })
    await system.text(accountId, first, 'START', new Date(Date.now() + 5_000))
    await waitFor(async () => !(await isOut(accountId, first)), { timeoutMs: 10_000 })
    await system.text(accountId, first, 'STOP', new Date(Date.now() + 6_000))
    await waitFor(() => isOut(accountId, first), { timeoutMs: 10_000 })
    expect([await isOut(accountId, second), await isOut(accountId, third)]).toEqual([true, true])
  })

  test('an opt-out by hand of a number that was bound already outlives the START from another', async () => {
    const accountId = await system.newAccount()
    const [first, second, third] = [newPhoneNumber(), newPhoneNumber(), newPhoneNumber()]
    const contactId = await person(accountId, [first, second, third])
    await system.text(accountId, first, 'STOP')
    await waitFor(async () => (await isOut(accountId, second)) && (await isOut(accountId, third)), {
      timeoutMs: 10_000,
    })
    await operator.contacts.setSmsOptOut.mutate({ accountId, contactId, number: second, optedOut: true })
    await system.text(accountId, first, 'START', new Date(Date.now() + 5_000))
    await waitFor(async () => !(await isOut(accountId, third)), { timeoutMs: 10_000 })
    expect(await isOut(accountId, second)).toBe(true)
  })

  test('a number that two contacts share gives no block to their other numbers and takes none', async () => {
    const accountId = await system.newAccount()
    const [shared, his, hers] = [newPhoneNumber(), newPhoneNumber(), newPhoneNumber()]
    await person(accountId, [shared, his])
    await person(accountId, [shared, hers])
    await system.text(accountId, shared, 'STOP')
    await system.text(accountId, his, 'STOP')
    await waitFor(async () => (await found(accountId, { optOut: true })).length === 2, { timeoutMs: 10_000 })
    expect(await isOut(accountId, hers)).toBe(false)
  })

  test('where the account has decided so, an opt-out binds its own number alone', async () => {
    const accountId = await system.newAccount()
    await system.compliance.accounts.settings.set.mutate({ accountId, settings: { optOutBinds: 'number' } })
    const [first, second] = [newPhoneNumber(), newPhoneNumber()]
    const contactId = await person(accountId, [first, second])
    await system.text(accountId, first, 'STOP')
    await waitFor(async () => (await found(accountId, { optOut: true })).includes(contactId), {
      timeoutMs: 10_000,
    })
    expect(await isOut(accountId, second)).toBe(false)
  })

  test('what happens while contacts are away is followed when they are back, and by events from then on', async () => {
    await using apart = await startSystem()
    const accountId = await apart.newAccount()
    const [first, second] = [newPhoneNumber(), newPhoneNumber()]
    const outOf = async (number: PhoneNumber) =>
      (await apart.compliance.consent.status.query({ accountId, numbers: [number] }))[0]?.state === 'out'
    {
      await using before = await apart.startHere()
      await before.operator.contacts.create.mutate({ accountId, numbers: [first, second] })
    }
    await apart.text(accountId, first, 'STOP')
    // It sweeps once, at its start; whatever it finds later an event has told of.
    await using back = await apart.startHere({ SWEEP_MS: '600000' })
    await waitFor(() => outOf(second), { timeoutMs: 10_000 })
    await waitFor(() => back.hears(), { timeoutMs: 10_000 })
    await apart.text(accountId, first, 'START', new Date(Date.now() + 5_000))
    await waitFor(async () => !(await outOf(second)), { timeoutMs: 10_000 })
  })
})

test('a contact that cannot be followed holds up no other', async () => {
  await using apart = await startSystem()
  const accountId = await apart.newAccount()
  const [first, second] = [newPhoneNumber(), newPhoneNumber()]
  {
    await using before = await apart.startHere()
    await before.operator.contacts.create.mutate({ accountId, numbers: [first, second] })
  }
  const rows = apart.database.connection
    .db(apart.database.name)
    .collection<{ _id: string; a: string }>('contacts')
  const kept = await rows.findOne({ a: accountId })
  if (!kept) throw new Error('the contact was not kept')
  // Of an account that compliance does not know, and due for ever.
  await rows.insertOne({ ...kept, _id: 'ct_00000000', a: newAccountId(), bindDue: true } as typeof kept)
  await apart.text(accountId, first, 'STOP')
  await using _back = await apart.startHere({ SWEEP_MS: '600000' })
  const status = { accountId, numbers: [second] }
  await waitFor(async () => (await apart.compliance.consent.status.query(status))[0]?.state === 'out', {
    timeoutMs: 10_000,
  })
})

describe('filters', () => {
  test('DNC and opt-out filter by is and is not in all four combinations', async () => {
    const accountId = await system.newAccount()
    const made: Record<string, string> = {}
    for (const dnc of [true, false])
      for (const out of [true, false]) {
        const number = newPhoneNumber()
        const contactId = await person(accountId, [number])
        if (dnc) await admin.contacts.setDnc.mutate({ accountId, contactId, dnc, note: 'asked by post' })
        if (out) await operator.contacts.setSmsOptOut.mutate({ accountId, contactId, number, optedOut: true })
        made[`${dnc}/${out}`] = contactId
      }
    for (const dnc of [true, false])
      for (const optOut of [true, false])
        expect(await found(accountId, { all: [{ dnc }, { optOut }] })).toEqual([made[`${dnc}/${optOut}`]])
  })

  test('the filter saved is a list that stays current', async () => {
    const accountId = await system.newAccount()
    const number = newPhoneNumber()
    const contactId = await person(accountId, [number])
    const filter = { all: [{ dnc: false }, { optOut: true }] }
    const { listId } = await operator.lists.create.mutate({ accountId, name: 'opted out, no DNC', filter })
    const members = () => operator.contacts.count.query({ accountId, filter: { list: listId } })
    expect(await members()).toEqual({ count: 0 })
    await system.text(accountId, number, 'STOP')
    await waitFor(async () => (await members()).count === 1, { timeoutMs: 10_000 })
    await admin.contacts.setDnc.mutate({ accountId, contactId, dnc: true, note: 'asked by post' })
    expect(await members()).toEqual({ count: 0 })
  })

  test('tags filter people out whatever their case, nested with lists and fields', async () => {
    const accountId = await system.newAccount()
    const vip = await person(accountId, [newPhoneNumber()], { tags: ['VIP'] })
    const listed = await person(accountId, [newPhoneNumber()], { tags: ['Blacklist'] })
    const plain = await person(accountId, [newPhoneNumber()])
    const { listId } = await operator.lists.create.mutate({ accountId, name: 'autumn' })
    await operator.lists.members.mutate({ accountId, listId, add: [listed, plain] })
    expect(await found(accountId, { none: [{ tag: 'blacklist' }] })).toEqual([vip, plain])
    const filter = { any: [{ tag: 'vip' }, { all: [{ list: listId }, { none: [{ tag: 'BLACKLIST' }] }] }] }
    expect(await found(accountId, filter)).toEqual([vip, plain])
    await operator.contacts.tag.mutate({ accountId, contactIds: [listed], remove: ['BLACKLIST'] })
    expect(await found(accountId, filter)).toEqual([vip, listed, plain])
    const city = { name: 'City', value: 'Oslo' }
    await operator.contacts.edit.mutate({ accountId, contactId: vip, change: { fields: [city] } })
    expect(await found(accountId, { field: { name: 'city', is: 'OSLO' } })).toEqual([vip])
  })

  test('lists that include each other, and a list that is not there, are refused and nothing is kept', async () => {
    const accountId = await system.newAccount()
    const tagged = { accountId, name: 'one', filter: { tag: 'a' } }
    const { listId: one } = await operator.lists.create.mutate(tagged)
    const { listId: two } = await operator.lists.create.mutate({ ...tagged, filter: { list: one } })
    const cycle = { accountId, listId: one, filter: { none: [{ list: two }] } }
    expect(await reasonOf(operator.lists.setFilter.mutate(cycle))).toBe('list-cycle')
    expect(await found(accountId, { list: two })).toEqual([])
    const missing = { ...tagged, filter: { list: 'ls_0000000000000' } }
    expect(await reasonOf(operator.lists.create.mutate(missing))).toBe('unknown-list')
    expect((await operator.lists.list.query({ accountId })).lists).toHaveLength(2)
  })

  test('a search finds the beginnings of words, of this account alone, a page at a time', async () => {
    const [accountId, other] = [await system.newAccount(), await system.newAccount()]
    for (const a of [accountId, accountId, other])
      await operator.contacts.create.mutate({
        accountId: a,
        name: 'Åsa Lindgren',
        numbers: [newPhoneNumber()],
      })
    const first = await operator.contacts.list.query({ accountId, search: 'LIND', limit: 1 })
    expect(first.contacts).toHaveLength(1)
    const cursor = first.nextCursor ?? undefined
    const rest = await operator.contacts.list.query({ accountId, search: 'lind', cursor })
    expect(rest.contacts).toHaveLength(1)
    expect((await operator.contacts.list.query({ accountId, search: 'gren' })).contacts).toEqual([])
  })
})

describe('DNC', () => {
  test('it goes to the list dnc for all numbers, later ones too, and is no opt-out', async () => {
    const accountId = await system.newAccount()
    const [first, later] = [newPhoneNumber(), newPhoneNumber()]
    const contactId = await person(accountId, [first])
    await admin.contacts.setDnc.mutate({ accountId, contactId, dnc: true, note: 'by post', actor: 'kim' })
    await operator.contacts.edit.mutate({ accountId, contactId, change: { numbers: [first, later] } })
    const { standing, dnc, optOut } = await operator.contacts.get.query({ accountId, contactId })
    expect(standing.map((number) => [number.dnc, number.optOut])).toEqual([
      [true, false],
      [true, false],
    ])
    expect([dnc?.actor, dnc?.note, optOut]).toEqual(['kim', 'by post', false])
  })

  test('lifting it lifts what it had set, and leaves an opt-out and the DNC of another contact', async () => {
    const accountId = await system.newAccount()
    const [own, shared] = [newPhoneNumber(), newPhoneNumber()]
    const [one, two] = [await person(accountId, [own, shared]), await person(accountId, [shared])]
    for (const contactId of [one, two])
      await admin.contacts.setDnc.mutate({ accountId, contactId, dnc: true, note: 'by post' })
    await system.text(accountId, own, 'STOP')
    await admin.contacts.setDnc.mutate({ accountId, contactId: one, dnc: false, note: 'by phone' })
    const { standing } = await operator.contacts.get.query({ accountId, contactId: one })
    expect(standing.map((number) => [number.dnc, number.optOut])).toEqual([
      [false, true],
      [true, false],
    ])
  })
})

test('a contact made later with a blocked number shows it at once, and all who share the number do', async () => {
  const accountId = await system.newAccount()
  const number = newPhoneNumber()
  const before = await person(accountId, [number])
  await operator.contacts.setSmsOptOut.mutate({ accountId, contactId: before, number, optedOut: true })
  const made = await operator.contacts.create.mutate({ accountId, numbers: [number] })
  expect(made.optOut).toBe(true)
  expect(await found(accountId, { optOut: true })).toEqual([before, made.contactId])
})

test('deleting a contact leaves the block of its number standing', async () => {
  const accountId = await system.newAccount()
  const number = newPhoneNumber()
  const contactId = await person(accountId, [number])
  await operator.contacts.setSmsOptOut.mutate({ accountId, contactId, number, optedOut: true })
  await operator.contacts.delete.mutate({ accountId, contactId })
  expect(await reasonOf(operator.contacts.get.query({ accountId, contactId }))).toBe('unknown-contact')
  expect(await isOut(accountId, number)).toBe(true)
})

describe('two contacts that are one person', () => {
  test('are found by the number that they share, and become one with all that either has', async () => {
    const accountId = await system.newAccount()
    const [shared, one, other] = [newPhoneNumber(), newPhoneNumber(), newPhoneNumber()]
    const stays = await person(accountId, [shared, one], { tags: ['vip'] })
    const goes = await person(accountId, [shared, other], { tags: ['VIP', 'gold'] })
    await person(accountId, [newPhoneNumber()])
    const { shared: found } = await operator.contacts.duplicates.query({ accountId })
    expect(found).toEqual([{ number: shared, contactIds: [stays, goes].sort() }])
    const merge = { accountId, contactId: goes, intoId: stays }
    expect(await reasonOf(operator.contacts.merge.mutate(merge))).toBe('forbidden')
    const merged = await admin.contacts.merge.mutate(merge)
    expect(merged).toMatchObject({ contactId: stays, numbers: [shared, one, other], tags: ['vip', 'gold'] })
    expect((await operator.contacts.duplicates.query({ accountId })).shared).toEqual([])
    expect(await reasonOf(operator.contacts.get.query({ accountId, contactId: goes }))).toBe(
      'unknown-contact',
    )
  })

  test('are bound in all their numbers once they are one, by an opt-out or the DNC of either', async () => {
    const accountId = await system.newAccount()
    const [out, dnc] = [newPhoneNumber(), newPhoneNumber()]
    const stays = await person(accountId, [dnc])
    const goes = await person(accountId, [out])
    await system.text(accountId, out, 'STOP')
    await admin.contacts.setDnc.mutate({ accountId, contactId: goes, dnc: true, note: 'asked' })
    await admin.contacts.merge.mutate({ accountId, contactId: goes, intoId: stays })
    await waitFor(() => isOut(accountId, dnc), { timeoutMs: 10_000 })
    const { standing } = await operator.contacts.get.query({ accountId, contactId: stays })
    expect(standing.map((one) => [one.optOut, one.dnc])).toEqual([
      [true, true],
      [true, true],
    ])
  })
})

test('two edits made on one version: the second is refused', async () => {
  const accountId = await system.newAccount()
  const contactId = await person(accountId, [newPhoneNumber()])
  const { version } = await operator.contacts.get.query({ accountId, contactId })
  const edit = (name: string) =>
    operator.contacts.edit.mutate({ accountId, contactId, basisVersion: version, change: { name } })
  await edit('Ann')
  expect(await reasonOf(edit('Bob'))).toBe('version-conflict')
  expect((await operator.contacts.get.query({ accountId, contactId })).name).toBe('Ann')
})
