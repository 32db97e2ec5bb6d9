import { type Db, ensureIndexes, majorityRead, majorityWrite } from '@heed/mongo'
import type { AccountId } from '@heed/phone'
import { type BroadcastState, type Transition, transitionRule } from '../domain/broadcast-state.ts'
import type { BroadcastDocument } from './broadcast-document.ts'
import { type BroadcastId, broadcastMaking } from './broadcast-making.ts'

const durable = { writeConcern: majorityWrite } as const
const found = { ...durable, returnDocument: 'after' } as const

export async function openBroadcasts(db: Db) {
  const broadcasts = db.collection<BroadcastDocument>('broadcasts')
  await ensureIndexes(broadcasts, [
    { name: 'account', key: { a: 1, _id: -1 } },
    { name: 'state', key: { state: 1, createdAt: 1 } },
    { name: 'ending', key: { isEnding: 1 }, sparse: true },
    { name: 'starts', key: { startsAt: 1 }, sparse: true },
  ])
  const notPreparing = { state: { $nin: ['preparing' as const, 'removing' as const, 'trial' as const] } }
  return {
    collection: broadcasts,
    ...broadcastMaking(broadcasts),

    get({ a, id }: BroadcastId): Promise<BroadcastDocument | null> {
      return broadcasts.findOne({ _id: id, a, ...notPreparing }, { readConcern: majorityRead })
    },

    /** Newest first, before the id given. */
    page(a: AccountId, before: string | null, broadcastsMax: number): Promise<BroadcastDocument[]> {
      const filter = { a, ...notPreparing, ...(before === null ? {} : { _id: { $lt: before } }) }
      return broadcasts
        .find(filter, { readConcern: majorityRead })
        .sort({ _id: -1 })
        .limit(broadcastsMax)
        .toArray()
    },

    /** One conditional write of state and lane together; null where the state does not allow it. */
    async move(
      { a, id }: BroadcastId,
      transition: Transition,
      now: Date,
      startsAt?: Date,
    ): Promise<BroadcastDocument | null> {
      const { from, to, open } = transitionRule(transition)
      const isFinal = to === 'finished' || to === 'cancelled'
      const set = {
        state: to,
        'lane.open': open,
        ...(transition === 'start' ? { startedAt: now } : {}),
        ...(isFinal ? { endedAt: now } : {}),
        ...(transition === 'cancel' ? { isEnding: true as const } : {}),
        ...(startsAt ? { startsAt } : {}),
      }
      const unset = startsAt ? {} : { $unset: { startsAt: true } }
      const begins = transition === 'start' || transition === 'schedule'
      const waitsForNoOne = begins || transition === 'cancel' ? notAdding(now) : {}
      const hasRecipients = begins ? { nextIndex: { $gt: 0 } } : {}
      const filter = { _id: id, a, state: { $in: [...from] }, ...waitsForNoOne, ...hasRecipients }
      return broadcasts.findOneAndUpdate(filter, { $set: set, ...unset } as object, found)
    },

    /**
     * Lets one caller add recipients to a draft until the time given, and reserves indexes for them. Null where
     * it is no draft, or another is adding.
     */
    beginAdding({ a, id }: BroadcastId, count: number, now: Date, until: Date) {
      const filter = { _id: id, a, state: 'draft' as const, ...notAdding(now) }
      const update = { $set: { addingUntil: until }, $inc: { nextIndex: count } } as object
      return broadcasts.findOneAndUpdate(filter, update, { ...durable, returnDocument: 'before' })
    },

    async endAdding({ a, id }: BroadcastId, until: Date): Promise<void> {
      const filter = { _id: id, a, addingUntil: until }
      await broadcasts.updateOne(filter, { $unset: { addingUntil: true } } as object, durable)
    },

    inState(states: readonly BroadcastState[], createdBefore: Date, broadcastsMax: number) {
      const filter = { state: { $in: [...states] }, createdAt: { $lt: createdBefore } }
      return broadcasts.find(filter).limit(broadcastsMax).toArray()
    },

    /** Scheduled, and to be started by now. */
    starting(now: Date, broadcastsMax: number): Promise<BroadcastDocument[]> {
      return broadcasts
        .find({ startsAt: { $lte: now }, state: 'scheduled' })
        .limit(broadcastsMax)
        .toArray()
    },

    ending(broadcastsMax: number): Promise<BroadcastDocument[]> {
      return broadcasts.find({ isEnding: true }).limit(broadcastsMax).toArray()
    },

    async ended({ a, id }: BroadcastId): Promise<void> {
      await broadcasts.updateOne({ _id: id, a }, { $unset: { isEnding: true } } as object, durable)
    },
  }
}

/** The time limit ends what a crash has left. */
function notAdding(now: Date) {
  return { $or: [{ addingUntil: { $exists: false } }, { addingUntil: { $lte: now } }] }
}

export type Broadcasts = Awaited<ReturnType<typeof openBroadcasts>>
