import { checkNothingOpen, newAccountId, newPhoneNumber } from '@heed/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attemptIdOf, type ClaimedText } from '../src/store/text-document.ts'
import { someNumber, type TestStores, testStores } from './stores.ts'
import { basis, now, receipt, sent, textStates, unknown } from './text-results.ts'

checkNothingOpen()

let stores: TestStores
beforeAll(async () => {
  stores = await testStores()
})
afterAll(() => stores[Symbol.asyncDispose]())

const { stateOf, sending } = textStates(() => stores)

describe('results', () => {
  test('a result says on what the text was sent', async () => {
    const { text } = await sending()
    await stores.texts.record([sent(text, { basis: { ...basis, late: true } })], now)
    expect(await stateOf(text)).toMatchObject({
      state: 'sent',
      epoch: basis.epoch,
      rev: 3,
      gatedAt: new Date(1_000),
      writtenAt: new Date(1_002),
      late: true,
      attemptId: attemptIdOf(text),
    })
    expect(await stateOf(text)).not.toHaveProperty('leasedAt')
  })

  test('a result of an earlier attempt changes nothing', async () => {
    const { lane, text } = await sending()
    await stores.texts.release([text], now)
    const [again] = await stores.claim(lane)
    await stores.texts.recordIntents([again as ClaimedText])
    await stores.texts.record([sent(text)], now)
    expect(await stateOf(text)).toMatchObject({ state: 'sending', providerId: null })
  })

  test('a definite failure counts, a hold does not, and a hold leaves no attempt behind', async () => {
    const { claimed } = await sending(2)
    const [failed, held] = claimed as [ClaimedText, ClaimedText]
    const ready = { state: 'ready', dueInMs: 5_000 } as const
    const none = { basis: null, providerId: null }
    await stores.texts.record(
      [
        sent(failed, {
          ...none,
          settlement: { ...ready, countsAsAttempt: true },
          error: { code: 20429, httpStatus: 429 },
        }),
        sent(held, { ...none, settlement: { ...ready, countsAsAttempt: false } }),
      ],
      now,
    )
    const dueAt = new Date(now.getTime() + 5_000)
    expect(await stateOf(failed)).toMatchObject({
      state: 'ready',
      attempts: 1,
      dueAt,
      error: { code: 20429 },
    })
    expect(await stateOf(held)).toMatchObject({ state: 'ready', attempts: 0, dueAt, attemptId: null })
  })

  test('a text that ends before its intent ends by its claim', async () => {
    const lane = await stores.newLane()
    await stores.addTexts(lane, 1)
    const [text] = (await stores.claim(lane)) as [ClaimedText]
    const reasons = [{ reason: 'opt-out', list: 'own', since: now.toISOString(), rev: 4 }]
    const settlement = { state: 'suppressed', reasons, refusalDue: false } as const
    await stores.texts.record(
      [sent(text, { hasIntent: false, basis: null, providerId: null, settlement })],
      now,
    )
    expect(await stateOf(text)).toMatchObject({ state: 'suppressed', reasons, attemptId: null })
  })

  test('a refusal by the carrier stays to be told until it was', async () => {
    const { text } = await sending()
    const settlement = { state: 'suppressed', reasons: [], refusalDue: true } as const
    await stores.texts.record([sent(text, { settlement, providerId: null })], now)
    const due = (await stores.texts.refusalsDue(100)).find(({ _id }) => _id === text._id)
    expect(due).toMatchObject({ number: text.number, attemptId: attemptIdOf(text) })
    await stores.texts.refusalTold(text)
    expect((await stores.texts.refusalsDue(100)).map(({ _id }) => _id)).not.toContain(text._id)
  })
})

describe('receipts', () => {
  test('a receipt resolves what is unknown', async () => {
    const { claimed } = await sending(2)
    const [one, two] = claimed as [ClaimedText, ClaimedText]
    await stores.texts.record(claimed.map(unknown), now)
    await stores.texts.report([receipt(one, 'delivered'), receipt(two, 'failed', '21610')], now)
    expect(await stateOf(one)).toMatchObject({ state: 'sent', providerId: 'SM1' })
    expect(await stateOf(two)).toMatchObject({ state: 'suppressed', refusalDue: true })
  })

  test('a receipt that came before the attempt was given up resolves it, too', async () => {
    const { text } = await sending()
    await stores.texts.report([receipt(text, 'sent')], now)
    expect((await stateOf(text))?.state).toBe('sending')
    await stores.texts.record([unknown(text)], now)
    expect((await stateOf(text))?.state).toBe('sent')
  })

  test('receipts in any order leave the furthest', async () => {
    const { text } = await sending()
    await stores.texts.record([sent(text)], now)
    await stores.texts.report(
      [receipt(text, 'delivered'), receipt(text, 'accepted'), receipt(text, 'sent')],
      now,
    )
    expect(await stateOf(text)).toMatchObject({ state: 'sent', delivery: { status: 'delivered' } })
  })

  test('a text that was sent stays sent, also where it was not delivered', async () => {
    const { text } = await sending()
    await stores.texts.record([sent(text)], now)
    await stores.texts.report([receipt(text, 'failed', '30003')], now)
    expect(await stateOf(text)).toMatchObject({
      state: 'sent',
      delivery: { status: 'failed', errorCode: '30003' },
    })
  })

  test("a receipt of another account's attempt changes nothing", async () => {
    const { text } = await sending()
    await stores.texts.record([unknown(text)], now)
    await stores.texts.report([{ ...receipt(text, 'delivered'), a: newAccountId() }], now)
    expect((await stateOf(text))?.state).toBe('unknown')
  })
})

describe('ending what waits', () => {
  const reasons = [{ reason: 'opt-out', list: 'own', since: now.toISOString(), rev: 9 }]

  test('a block ends what waits for its number in its account, and nothing else', async () => {
    const [lane, other] = [await stores.newLane(), await stores.newLane()]
    const [text, spared] = await stores.addTexts(lane, 2)
    await stores.addTexts(other, 1, { number: someNumber(text) })
    const asked = [someNumber(text), newPhoneNumber()]
    expect(await stores.texts.waitingAmong(lane.a, asked)).toEqual(new Set([someNumber(text)]))
    expect(await stores.texts.suppressNumber(lane.a, someNumber(text), reasons, now)).toEqual([lane])
    expect(await stores.texts.waitingAmong(lane.a, asked)).toEqual(new Set())
    const rows = await stores.texts.page(lane, null, 10)
    expect(rows.map(({ state }) => state)).toEqual(['suppressed', 'ready'])
    expect(rows[0]).toMatchObject({ reasons, settledAt: now })
    expect(rows[1]?._id).toBe(spared?.id)
    expect(await stores.texts.counts(other)).toMatchObject({ waiting: 1 })
  })

  test('what a worker holds is left to the gate', async () => {
    const { lane, text } = await sending()
    expect(await stores.texts.suppressNumber(lane.a, text.number, reasons, now)).toEqual([])
    expect((await stateOf(text))?.state).toBe('sending')
  })

  test('a lane ends in pieces', async () => {
    const lane = await stores.newLane()
    await stores.addTexts(lane, 5)
    const cancelled = [{ reason: 'cancelled', since: now.toISOString() }]
    const ended = [2, 2, 2, 2].map(() => stores.texts.suppressLane(lane, cancelled, now, 2))
    await Promise.all(ended)
    while ((await stores.texts.suppressLane(lane, cancelled, now, 2)) > 0);
    expect(await stores.texts.counts(lane)).toMatchObject({ waiting: 0, suppressed: 5 })
    expect(await stores.texts.hasWaiting(lane)).toBe(false)
  })

  test('a text may end before it begins', async () => {
    const lane = await stores.newLane()
    await stores.addTexts(lane, 1, {
      suppressed: [{ reason: 'duplicate-contact', since: now.toISOString() }],
    })
    expect(await stores.claim(lane)).toEqual([])
    expect(await stores.texts.counts(lane)).toMatchObject({ suppressed: 1 })
  })
})
