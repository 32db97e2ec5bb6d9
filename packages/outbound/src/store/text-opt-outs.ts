import { type Collection, majorityRead, majorityWrite } from '@heed/mongo'
import type { AccountId, Epoch, PhoneNumber } from '@heed/phone'
import type { LaneId } from './text-claims.ts'
import type { StoredText } from './text-document.ts'

/** Somebody's own opt-out, texted to a business number. */
export interface TextedOptOut {
  readonly a: AccountId
  readonly number: PhoneNumber
  /** The business number that it was texted to. */
  readonly to: PhoneNumber
  readonly at: Date
  readonly epoch: Epoch
  readonly rev: number
}

/** A text that was sent longer before is not what the person answers. */
const withinMs = 7 * 86_400_000
/** Two machines' clocks are apart by as much. */
const apartMs = 1_000

/** Which texts people answered with an opt-out: for reports, never for a decision. */
export const textOptOuts = (texts: Collection<StoredText>) => ({
  /** Says of the last text from the number that it went to that an opt-out answered it; repeating it changes nothing. */
  async attribute({ a, number, to, at, epoch, rev }: TextedOptOut): Promise<void> {
    const [from, until] = [new Date(at.getTime() - withinMs), new Date(at.getTime() + apartMs)]
    const last = await texts
      .find(
        { a, number, from: to, writtenAt: { $gt: from, $lte: until } },
        { projection: { lane: 1 }, readConcern: majorityRead, hint: { a: 1, number: 1 } },
      )
      .sort({ writtenAt: -1 })
      .limit(1)
      .next()
    if (!last) return
    await texts.updateOne(
      { _id: last._id, a, optOutLane: { $exists: false } },
      { $set: { optedOut: { at, epoch, rev }, optOutLane: last.lane } },
      { writeConcern: majorityWrite },
    )
  },

  /** How many of a lane's texts were answered so. */
  optOuts({ a, lane }: LaneId): Promise<number> {
    return texts.countDocuments({ a, optOutLane: lane }, { readConcern: majorityRead })
  },

  /** The same, each by its id. */
  async optOutIds({ a, lane }: LaneId): Promise<string[]> {
    const found = texts.find({ a, optOutLane: lane }, { projection: { _id: 1 }, readConcern: majorityRead })
    return (await found.toArray()).map(({ _id }) => _id)
  },
})
