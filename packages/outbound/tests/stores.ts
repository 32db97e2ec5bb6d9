import type { AccountId, PhoneNumber } from '@heed/phone'
import { newAccountId, newPhoneNumber, testDatabase } from '@heed/testkit'
import { closedLane, type LaneDocument, type NewText, openLaneStore, openTextStore } from '../src/index.ts'
import type { ClaimedText } from '../src/store/text-document.ts'

/** The stores on a database of their own, with makers of what they hold. */
export async function testStores() {
  const database = await testDatabase('outbound')
  const { db } = database
  const collection = db.collection<LaneDocument>('lanes')
  const texts = await openTextStore(db)
  const lanes = await openLaneStore(collection)
  const from = newPhoneNumber()
  let count = 0

  const newLane = async (options: { a?: AccountId; ratePerSecond?: number | null; open?: boolean } = {}) => {
    const { a = newAccountId(), ratePerSecond = null, open = true } = options
    const lane = `lane${count++}`
    await collection.insertOne({ _id: lane, a, lane: { ...closedLane(ratePerSecond), open } })
    return { a, lane }
  }
  const newText = (lane: string, more: Partial<NewText> = {}): NewText => ({
    id: `${lane}-${String(count++).padStart(8, '0')}`,
    lane,
    owner: lane,
    number: newPhoneNumber(),
    from,
    origin: 'broadcast',
    text: 'Hello',
    segments: 1,
    ...more,
  })
  const addTexts = async (
    lane: { a: AccountId; lane: string },
    howMany: number,
    more: Partial<NewText> = {},
  ) => {
    const added = Array.from({ length: howMany }, () => newText(lane.lane, more))
    await texts.insert(lane.a, added, new Date())
    await lanes.schedule(lane, new Date(0))
    return added
  }
  const claim = (lane: { a: AccountId; lane: string }, textsMax = 100): Promise<ClaimedText[]> =>
    texts.claim({ ...lane, claim: `claim${count++}`, textsMax, now: new Date() })
  return {
    database,
    db,
    collection,
    texts,
    lanes,
    newLane,
    newText,
    addTexts,
    claim,
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

export type TestStores = Awaited<ReturnType<typeof testStores>>

export const someNumber = (text: { number: PhoneNumber } | undefined): PhoneNumber => {
  if (!text) throw new Error('there is no such text')
  return text.number
}
