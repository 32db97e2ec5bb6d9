import { checkNothingOpen, waitFor } from '@heed/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attemptIdOf, type ClaimedText, claimKey } from '../src/store/text-document.ts'
import { type TestStores, testStores } from './stores.ts'
import { now, receipt, sent, soon, textStates } from './text-results.ts'

checkNothingOpen()

let stores: TestStores
beforeAll(async () => {
  stores = await testStores()
})
afterAll(() => stores[Symbol.asyncDispose]())

const { stateOf, sending } = textStates(() => stores)

describe('claims', () => {
  test('any number of workers share the texts, and none gets the same one', async () => {
    const lane = await stores.newLane()
    await stores.addTexts(lane, 40)
    const claims = await Promise.all(Array.from({ length: 8 }, () => stores.claim(lane, 10)))
    const ids = claims.flat().map(({ _id }) => _id)
    expect(new Set(ids).size).toBe(ids.length)
    while ((await stores.claim(lane)).length > 0);
    expect(await stores.claim(lane)).toEqual([])
  })

  test('texts are taken when due, the earliest first', async () => {
    const lane = await stores.newLane()
    await stores.addTexts(lane, 1, { id: `${lane.lane}-later`, dueAt: new Date(Date.now() - 1_000) })
    await stores.addTexts(lane, 1, { id: `${lane.lane}-first`, dueAt: new Date(Date.now() - 9_000) })
    await stores.addTexts(lane, 1, { id: `${lane.lane}-not-yet`, dueAt: soon() })
    const claimed = await stores.claim(lane)
    expect(claimed.map(({ _id }) => _id.replace(`${lane.lane}-`, ''))).toEqual(['first', 'later'])
    expect(await stores.texts.nextDueAt(lane)).not.toBeNull()
  })

  test('inserting a text again changes nothing', async () => {
    const lane = await stores.newLane()
    const [text] = await stores.addTexts(lane, 1)
    if (!text) throw new Error('no text')
    await stores.claim(lane)
    await stores.texts.insert(lane.a, [text, stores.newText(lane.lane)], now)
    expect(await stores.texts.counts(lane)).toMatchObject({ waiting: 2 })
    expect(await stores.claim(lane)).toHaveLength(1)
  })

  test('a worker that lost its claim gets no intent', async () => {
    const lane = await stores.newLane()
    await stores.addTexts(lane, 2)
    const lost = await stores.claim(lane, 2)
    await stores.texts.takeExpired(soon(), 30_000)
    const [taken] = await stores.claim(lane, 1)
    const standing = await stores.texts.recordIntents(lost)
    expect(standing.size).toBe(0)
    expect(await stores.texts.recordIntents([taken as ClaimedText])).toEqual(
      new Set([claimKey(taken as ClaimedText)]),
    )
  })

  test('what is done for a claim that was lost does not touch a later claim of the same text (E8)', async () => {
    const lane = await stores.newLane()
    await stores.addTexts(lane, 2)
    const [lost, kept] = await stores.claim(lane, 2)
    if (!lost || !kept) throw new Error('nothing was claimed')
    await stores.texts.release([lost], new Date(0))
    const [again] = await stores.claim(lane, 1)
    if (again?._id !== lost._id) throw new Error('another text was claimed')
    await stores.texts.release([lost, { ...kept, claim: again.claim }], new Date(0))
    expect(await stores.texts.recordIntents([lost, again])).toEqual(new Set([claimKey(again)]))
  })

  test('recording an intent twice finds it standing', async () => {
    const { claimed } = await sending(3)
    expect((await stores.texts.recordIntents(claimed)).size).toBe(3)
  })

  test('every claim has an attempt id of its own', async () => {
    const { lane, text } = await sending()
    await stores.texts.release([text], now)
    const [again] = await stores.claim(lane)
    expect(again?._id).toBe(text._id)
    expect(attemptIdOf(again as ClaimedText)).not.toBe(attemptIdOf(text))
  })

  test('a lease that is extended does not run out', async () => {
    const lane = await stores.newLane()
    await stores.addTexts(lane, 1)
    const [text] = (await stores.claim(lane, 1)) as [ClaimedText]
    const leasedAt = async () => (await stateOf(text))?.leasedAt?.getTime() ?? 0
    const first = await leasedAt()
    await waitFor(async () => {
      await stores.texts.extend([text])
      return (await leasedAt()) > first + 1
    })
    await stores.texts.takeExpired(new Date(first + 10_001), 10_000)
    expect((await stateOf(text))?.state).toBe('claimed')
    await stores.texts.takeExpired(new Date((await leasedAt()) + 10_000), 10_000)
    expect((await stateOf(text))?.state).toBe('ready')
  })
})

describe('lost workers', () => {
  test('without an intent a text goes back and spends no attempt', async () => {
    const lane = await stores.newLane()
    await stores.addTexts(lane, 1)
    const [text] = await stores.claim(lane, 1)
    const lanes = await stores.texts.takeExpired(soon(), 30_000)
    expect(lanes).toContainEqual(lane)
    expect(await stateOf(text as ClaimedText)).toMatchObject({ state: 'ready', attempts: 0 })
  })

  test('with an intent it is unknown, and nobody claims it again', async () => {
    const { lane, text } = await sending()
    await stores.texts.takeExpired(soon(), 30_000)
    expect(await stateOf(text)).toMatchObject({ state: 'unknown', reasons: [{ reason: 'worker-lost' }] })
    expect(await stores.claim(lane)).toEqual([])
  })

  test('with an intent and a receipt it is what the receipt says', async () => {
    const { claimed } = await sending(2)
    const [one, two] = claimed as [ClaimedText, ClaimedText]
    await stores.texts.report([receipt(one, 'sent'), receipt(two, 'failed', '30003')], now)
    await stores.texts.takeExpired(soon(), 30_000)
    expect([(await stateOf(one))?.state, (await stateOf(two))?.state]).toEqual(['sent', 'failed'])
  })

  test('a worker that comes back after its lease still knows best what it did', async () => {
    const { text } = await sending()
    await stores.texts.takeExpired(soon(), 30_000)
    await stores.texts.record([sent(text)], now)
    expect(await stateOf(text)).toMatchObject({ state: 'sent', providerId: `SM${text._id}` })
  })
})
