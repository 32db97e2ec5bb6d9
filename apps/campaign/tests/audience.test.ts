import type { ContactsRouter } from '@heed/contacts/router'
import type { AccountId } from '@heed/phone'
import { createRpcClient } from '@heed/rpc'
import { checkNothingOpen, newPhoneNumber, waitFor } from '@heed/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { broadcastCalls, reasonOf } from './broadcast-calls.ts'
import { newRecipients, type System, startSystem } from './system.ts'

checkNothingOpen()

let system: System
let contacts: ReturnType<typeof createRpcClient<ContactsRouter>>
beforeAll(async () => {
  system = await startSystem({}, ['contacts'])
  contacts = createRpcClient<ContactsRouter>(system.clientOptions('contacts'))
})
afterAll(async () => {
  await contacts[Symbol.asyncDispose]()
  await system[Symbol.asyncDispose]()
})

const { newBroadcast, start, finished, rowsOf, get } = broadcastCalls(() => system)
const nobody = { listIds: [], tags: [], excludeTags: [] }

async function person(accountId: AccountId, tags: string[], more: { name?: string } = {}) {
  const number = newPhoneNumber()
  const made = await contacts.rpc.contacts.create.mutate({ accountId, numbers: [number], tags, ...more })
  return { number, contactId: made.contactId }
}

async function add(broadcast: { accountId: AccountId; broadcastId: string }, audience: object) {
  const { accountId, broadcastId } = broadcast
  const given = { accountId, broadcastId, audience: { ...nobody, ...audience } }
  return system.broadcasts.addAudience.mutate(given)
}

describe('an audience', () => {
  test('is who has a tag or is on a list, without those of an excluded tag, and the opted out get nothing', async () => {
    const account = await system.newAccount()
    const { accountId } = account
    const vip = await person(accountId, ['VIP'])
    const kept = await person(accountId, ['vip', 'Blacklist'])
    const out = await person(accountId, ['VIP'])
    const listed = await person(accountId, [])
    const stranger = await person(accountId, ['other'])
    const { listId } = await contacts.rpc.lists.create.mutate({ accountId, name: 'autumn' })
    await contacts.rpc.lists.members.mutate({ accountId, listId, add: [listed.contactId] })
    await contacts.rpc.contacts.setSmsOptOut.mutate({ accountId, ...out, optedOut: true })
    const broadcast = await newBroadcast(0, { ...account, recipients: undefined })
    const audience = { listIds: [listId], tags: ['vip'], excludeTags: ['BLACKLIST'] }
    expect(await add(broadcast, audience)).toEqual({ people: 3, nextCursor: null })
    expect(await add(broadcast, audience)).toEqual({ people: 3, nextCursor: null })
    await start(broadcast)
    await finished(broadcast)
    const rows = await rowsOf(broadcast)
    expect(rows.map(({ number, state }) => [number, state])).toEqual([
      [vip.number, 'sent'],
      [out.number, 'suppressed'],
      [listed.number, 'sent'],
    ])
    expect(rows[1]?.reasons[0]?.reason).toBe('opt-out')
    for (const { number } of [kept, stranger]) expect(await system.phone(number)).toEqual([])
  })

  test('of nobody adds nobody, and a broadcast without recipients does not start', async () => {
    const broadcast = await newBroadcast(0, { recipients: undefined })
    expect(await add(broadcast, { tags: ['nobody'] })).toEqual({ people: 0, nextCursor: null })
    expect(await reasonOf(start(broadcast))).toBe('no-recipients')
    expect((await get(broadcast)).state).toBe('draft')
  })

  test('with a list that is not there, or naming none, is refused', async () => {
    const broadcast = await newBroadcast(0, { recipients: undefined })
    expect(await reasonOf(add(broadcast, { listIds: ['ls_0000000000'] }))).toBe('unknown-list')
    expect(await reasonOf(add(broadcast, { excludeTags: ['DNC'] }))).toBe('invalid-input')
  })
})

describe('merge fields', () => {
  test('give each person their own text, counted by itself, with the opt-out instruction', async () => {
    const account = await system.newAccount()
    const ann = await person(account.accountId, ['vip'], { name: 'Ann' })
    const nameless = await person(account.accountId, ['vip'])
    const text = 'Hi {{name|there}}, sale in {{city|town}} today.'
    const recipients = [{ number: newPhoneNumber(), fields: { City: '東京' } }]
    const broadcast = await newBroadcast(0, { ...account, text, recipients })
    await add(broadcast, { tags: ['vip'] })
    await start(broadcast)
    await finished(broadcast)
    expect((await system.phone(ann.number))[0]?.body).toBe(
      'Hi Ann, sale in town today. Reply STOP to opt out',
    )
    expect((await system.phone(nameless.number))[0]?.body).toBe(
      'Hi there, sale in town today. Reply STOP to opt out',
    )
    const [first] = recipients
    expect((await system.phone(first?.number ?? ''))[0]?.body).toContain('sale in 東京 today.')
  })

  test('a template that is not whole is refused, with the line and the field', async () => {
    const call = newBroadcast(1, { text: 'Hello\n{{name}}, hi' })
    expect(await reasonOf(call)).toBe('invalid-input')
  })

  test('whoever their own text would be too long for is accounted for, and not texted', async () => {
    const long = { number: newPhoneNumber(), fields: { name: 'x'.repeat(1_000) } }
    const text = `${'y'.repeat(800)} {{name|there}}`
    const broadcast = await newBroadcast(0, { text, recipients: [...newRecipients(1), long] })
    await start(broadcast)
    await finished(broadcast)
    const rows = await rowsOf(broadcast)
    expect(rows.map(({ state, reasons }) => [state, reasons[0]?.reason])).toEqual([
      ['sent', undefined],
      ['suppressed', 'text-too-long'],
    ])
  })
})

describe('before a broadcast begins', () => {
  test('what-if tells how many would be sent, held and suppressed, by reason, and nothing is sent', async () => {
    const account = await system.newAccount()
    const recipients = newRecipients(5)
    const [first, second] = recipients
    await system.optOut(account.accountId, [first?.number ?? ''])
    const twice = [
      { number: newPhoneNumber(), contactId: 'ann' },
      { number: newPhoneNumber(), contactId: 'ann' },
    ]
    const broadcast = await newBroadcast(0, { ...account, recipients: [...recipients, ...twice] })
    const asked = { accountId: account.accountId, broadcastId: broadcast.broadcastId }
    expect(await system.broadcasts.whatIf.query(asked)).toEqual({
      recipients: 7,
      send: 5,
      held: 0,
      suppressed: 2,
      reasons: [
        { reason: 'opt-out', recipients: 1 },
        { reason: 'duplicate-contact', recipients: 1 },
      ],
      segments: 5,
      quietHours: 'off',
      caps: 'off',
      cost: null,
      nextCursor: null,
    })
    expect(await system.phone(second?.number ?? '')).toEqual([])
    expect((await get(broadcast)).state).toBe('draft')
  })

  test('texts outside the send windows are foretold as held, wait when it runs, and say for what', async () => {
    const today = (new Date().getUTCDay() || 7) as 1 | 2 | 3 | 4 | 5 | 6 | 7
    // The day after tomorrow, so that midnight during the test changes nothing.
    const day = (((today + 1) % 7) + 1) as typeof today
    const sendWindows = { zone: 'UTC', windows: [{ days: [day], from: '00:00', to: '24:00' }] }
    const broadcast = await newBroadcast(2, { sendWindows })
    const { accountId, broadcastId } = broadcast
    const forecast = await system.broadcasts.whatIf.query({ accountId, broadcastId })
    expect(forecast).toMatchObject({ send: 0, held: 2, reasons: [{ reason: 'send-window', recipients: 2 }] })
    await start(broadcast)
    const rows = await waitFor(async () => {
      const found = await rowsOf(broadcast)
      return found.every(({ held }) => held !== null) ? found : null
    })
    expect(rows.map(({ state, held }) => [state, held?.by])).toEqual([
      ['waiting', 'send-window'],
      ['waiting', 'send-window'],
    ])
    for (const { number } of rows) expect(await system.phone(number)).toEqual([])
  })
})
