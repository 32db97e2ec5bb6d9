import { newAccountId, newPhoneNumber } from '@heed/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { broadcastCalls, named, reasonOf } from './broadcast-calls.ts'
import { newRecipients, type System, startSystem } from './system.ts'

let system: System
beforeAll(async () => {
  system = await startSystem({ LEASE_MS: '1500' })
})
afterAll(() => system[Symbol.asyncDispose]())

const { get, newBroadcast, rowsOf } = broadcastCalls(() => system)

describe('a draft', () => {
  test('holds the text as it will be sent, with the opt-out instruction, counted in segments', async () => {
    const broadcast = await newBroadcast(3)
    expect(await get(broadcast)).toMatchObject({
      state: 'draft',
      text: 'Sale today. Reply STOP to opt out',
      instructionAppended: true,
      segments: 1,
      encoding: 'GSM-7',
      counts: { waiting: 3, sent: 0, suppressed: 0, failed: 0, unknown: 0 },
      recipients: 3,
    })
    const long = await newBroadcast(1, { text: `${'é'.repeat(50)} ${'漢'.repeat(70)}` })
    expect(await get(long)).toMatchObject({ encoding: 'UCS-2', segments: 3 })
  })

  test('does not instruct twice, and takes a wording of its own', async () => {
    const instructs = await newBroadcast(1, { text: 'Sale. Reply STOP to end' })
    expect(await get(instructs)).toMatchObject({
      text: 'Sale. Reply STOP to end',
      instructionAppended: false,
    })
    const own = await newBroadcast(1, { optOutInstruction: 'Txt QUIT to leave' })
    expect((await get(own)).text).toBe('Sale today. Txt QUIT to leave')
    const deaf = newBroadcast(1, { optOutInstruction: 'Reply NOTHING to leave' })
    expect(await reasonOf(deaf)).toBe('wording-names-no-keyword')
  })

  test("uses the account's wording and its own keywords", async () => {
    const { accountId, from } = await system.newAccount()
    await system.compliance.accounts.settings.set.mutate({
      accountId,
      settings: {
        keywords: { optOut: ['BASTA'] },
        optOutInstruction: { broadcast: 'Reply BASTA to opt out', sequence: 'Reply STOP to opt out' },
      },
    })
    const recipients = newRecipients(1)
    const { broadcastId } = await system.broadcasts.create.mutate({
      accountId,
      from,
      text: 'Ciao!',
      recipients,
    })
    expect((await get({ accountId, broadcastId })).text).toBe('Ciao! Reply BASTA to opt out')
  })

  test('has each number once and each person once, and accounts for every recipient', async () => {
    const [one, two, three] = newRecipients(3).map(({ number }) => number) as [never, never, never]
    const broadcast = await newBroadcast(0, {
      recipients: [
        { number: one, contactId: 'ann' },
        { number: two, contactId: 'ann' },
        { number: one },
        { number: three, contactId: 'bob' },
      ],
    })
    const rows = await rowsOf(broadcast)
    expect(rows.map(({ number, state, reasons }) => [number, state, reasons[0]?.reason])).toEqual([
      [one, 'waiting', undefined],
      [two, 'suppressed', 'duplicate-contact'],
      [three, 'waiting', undefined],
    ])
    expect(rows[0]).toEqual({
      number: one,
      state: 'waiting',
      reasons: [],
      held: null,
      text: 'Sale today. Reply STOP to opt out',
      attemptId: null,
      epoch: null,
      rev: null,
      gatedAt: null,
      writtenAt: null,
      providerId: null,
      optedOutAt: null,
    })
  })

  test('grows by more recipients, who are told apart from those that are there', async () => {
    const broadcast = await newBroadcast(0, { recipients: [{ number: newPhoneNumber(), contactId: 'ann' }] })
    const second = { number: newPhoneNumber(), contactId: 'ann' }
    const more = [...newRecipients(1_200), second]
    const add = () => system.broadcasts.addRecipients.mutate({ ...named(broadcast), recipients: more })
    expect(await add()).toEqual({ broadcastId: broadcast.broadcastId, state: 'draft' })
    expect((await get(broadcast)).counts).toMatchObject({ waiting: 1_201, suppressed: 1 })
    await add()
    expect((await get(broadcast)).recipients).toBe(1_202)
    const rows = await rowsOf(broadcast)
    expect(new Set(rows.map(({ number }) => number)).size).toBe(1_202)
    await system.broadcasts.cancel.mutate(named(broadcast))
    expect(await reasonOf(add())).toBe('wrong-state')
  })

  test('is refused with a typed reason', async () => {
    const { accountId, from } = await system.newAccount()
    const create = (more: object) =>
      reasonOf(
        system.broadcasts.create.mutate({
          accountId,
          from,
          text: 'Hi',
          recipients: newRecipients(1),
          ...more,
        }),
      )
    expect(await create({ from: newPhoneNumber() })).toBe('not-own-number')
    expect(await create({ accountId: newAccountId() })).toBe('unknown-account')
    expect(await create({ text: 'x'.repeat(1_595) })).toBe('text-too-long')
    expect(await create({ recipients: [] })).toBe('invalid-input')
    expect(await create({ recipients: [{ number: '0123' }] })).toBe('invalid-input')
    expect(await create({ surprise: 1 })).toBe('invalid-input')
    expect(await create({ ratePerSecond: 0 })).toBe('invalid-input')
  })
})

describe('who may', () => {
  test("another account's broadcast cannot be seen, started or found", async () => {
    const broadcast = await newBroadcast(1)
    const other = await system.newAccount()
    const stranger = system.campaignAt(system.campaignUrl, 'operator', [other.accountId])
    expect(await reasonOf(stranger.get.query(named(broadcast)))).toBe('forbidden')
    expect(await reasonOf(stranger.start.mutate(named(broadcast)))).toBe('forbidden')
    const disguised = { accountId: other.accountId, broadcastId: broadcast.broadcastId }
    expect(await reasonOf(stranger.get.query(disguised))).toBe('unknown-broadcast')
    expect(await reasonOf(stranger.cancel.mutate(disguised))).toBe('unknown-broadcast')
    expect((await stranger.list.query({ accountId: other.accountId })).broadcasts).toEqual([])
    expect((await get(broadcast)).state).toBe('draft')
  })

  test.each(['sender', 'inbound'] as const)('a token for another purpose is refused: %s', async (role) => {
    const broadcast = await newBroadcast(1)
    const caller = system.campaignAt(system.campaignUrl, role)
    expect(await reasonOf(caller.get.query(named(broadcast)))).toBe('forbidden')
  })

  test('an account lists its broadcasts, the newest first, page by page', async () => {
    const { accountId, from } = await system.newAccount()
    const ids: string[] = []
    for (let count = 0; count < 3; count++) {
      const created = await system.broadcasts.create.mutate({
        accountId,
        from,
        text: `No ${count}`,
        recipients: newRecipients(1),
      })
      ids.push(created.broadcastId)
    }
    const first = await system.broadcasts.list.query({ accountId, limit: 2 })
    expect(first.broadcasts.map(({ broadcastId }) => broadcastId)).toEqual([ids[2], ids[1]])
    const cursor = first.nextCursor ?? ''
    const second = await system.broadcasts.list.query({ accountId, limit: 2, cursor })
    expect(second).toMatchObject({ broadcasts: [{ broadcastId: ids[0] }], nextCursor: null })
  })
})
