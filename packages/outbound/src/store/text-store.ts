import {
  type Collection,
  type Db,
  ensureIndexes,
  type IndexDescription,
  isDuplicateKey,
  majorityRead,
  majorityWrite,
  ordinaryMaxTimeMs,
  snapshotRead,
} from '@heed/mongo'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { type Counts, foldCounts, type TextState } from '../domain/text-state.ts'
import { expiredClaims } from './expired-claims.ts'
import { type LaneId, textClaims } from './text-claims.ts'
import {
  byId,
  type NewText,
  newStoredText,
  readText,
  type StoredText,
  type TextDocument,
  textIndexes,
} from './text-document.ts'
import { textHistory } from './text-history.ts'
import { textOptOuts } from './text-opt-outs.ts'
import { textOutcomes } from './text-outcomes.ts'

const waitingStates = ['ready', 'claimed', 'sending'] as const satisfies readonly TextState[]

/**
 * The texts of one app, in its own database. They are the truth about what is to be sent and what was. Every
 * filter names the account, which is the shard key's first part, but for the sweeps.
 */
export async function openTextStore(db: Db, ownIndexes: readonly IndexDescription[] = []) {
  const texts: Collection<StoredText> = db.collection<StoredText>('texts')
  await ensureIndexes(texts, [...textIndexes, ...ownIndexes])
  const parts = [textClaims(texts), expiredClaims(texts), textOutcomes(texts)] as const
  const [claims, expired, outcomes] = parts
  return {
    ...claims,
    ...expired,
    ...outcomes,
    ...textHistory(texts),
    ...textOptOuts(texts),

    /**
     * Keeps new texts, acknowledged by a majority. One that breaks a unique index stays as it was, so repeating
     * the call is harmless. Wake their lane afterwards (`lanes.schedule`).
     */
    async insert(a: AccountId, given: readonly NewText[], now: Date): Promise<void> {
      if (given.length === 0) return
      const documents = given.map((text) => newStoredText(a, text, now))
      try {
        await texts.insertMany(documents, { ordered: false, writeConcern: majorityWrite })
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
      }
    },

    /** The five counts of a lane's texts, or of one owner's in it, at one instant. */
    async counts({ a, lane }: LaneId, owner?: string): Promise<Counts> {
      const groups = await texts
        .aggregate<{ _id: TextState; count: number }>(
          [
            { $match: { a, lane, ...(owner === undefined ? {} : { owner }) } },
            { $group: { _id: '$state', count: { $sum: 1 } } },
          ],
          { readConcern: snapshotRead, maxTimeMS: 30_000 },
        )
        .toArray()
      return foldCounts(groups.map(({ _id, count }) => [_id, count]))
    },

    /**
     * A lane's texts in order of their ids, after the one given. For an app whose texts' ids begin with their lane's and
     * `-`: so a page is a range of the index on ids, however many texts there are.
     */
    async page({ a, lane }: LaneId, after: string | null, textsMax: number): Promise<TextDocument[]> {
      const range = { $gt: after ?? `${lane}-`, $lt: `${lane}.` }
      const found = await texts
        .find({ _id: range, a, lane }, { readConcern: majorityRead, maxTimeMS: ordinaryMaxTimeMs, ...byId })
        .sort({ _id: 1 })
        .limit(textsMax)
        .toArray()
      return found.map(readText)
    },

    async find(a: AccountId, ids: readonly string[]): Promise<TextDocument[]> {
      const options = { readConcern: majorityRead, ...byId }
      const found = await texts.find({ _id: { $in: [...ids] }, a }, options).toArray()
      return found.map(readText)
    },

    /** Whether a text of the lane is not final yet. */
    async hasWaiting({ a, lane }: LaneId): Promise<boolean> {
      const filter = { a, lane, state: { $in: [...waitingStates] } }
      return (await texts.findOne(filter, { projection: { _id: 1 }, readConcern: majorityRead })) !== null
    },

    /** When the lane's next text is due; null where none waits in it. */
    async nextDueAt({ a, lane }: LaneId): Promise<Date | null> {
      const next = await texts.findOne(
        { a, lane, state: 'ready' },
        { projection: { dueAt: 1 }, sort: { dueAt: 1, _id: 1 } },
      )
      return next?.dueAt ?? null
    },

    /** Which of these contacts have a text in the lane. The app keeps an index on lane and contact for it. */
    async contactsIn({ a, lane }: LaneId, contactIds: readonly string[]): Promise<ReadonlySet<string>> {
      const filter = { a, lane, contactId: { $in: [...contactIds] } }
      const found = await texts.find(filter, { projection: { contactId: 1 } }).toArray()
      return new Set(found.map(({ contactId }) => contactId).filter((id) => id !== null))
    },

    /** Removes the texts of a lane that was never open. */
    async discard({ a, lane }: LaneId): Promise<void> {
      await texts.deleteMany({ a, lane, fence: 0 }, { writeConcern: majorityWrite })
    },

    /** Those of the numbers that a text waits for in nobody's hands. */
    async waitingAmong(a: AccountId, numbers: readonly PhoneNumber[]): Promise<ReadonlySet<PhoneNumber>> {
      const waiting = { a, number: { $in: [...numbers] }, state: 'ready' as const }
      const options = {
        projection: { number: 1 },
        readConcern: majorityRead,
        hint: { a: 1, number: 1 },
      } as const
      const found = await texts.find(waiting, options).toArray()
      return new Set(found.map(({ number }) => number))
    },
  }
}

export type TextStore = Awaited<ReturnType<typeof openTextStore>>
