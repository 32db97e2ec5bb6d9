import { type Collection, type Document, ensureIndexes, majorityWrite } from '@heed/mongo'
import type { AccountId } from '@heed/phone'
import { aheadMs } from '../domain/slots.ts'
import { latestReservation, type Reservation, reservationUpdate } from './reservation.ts'
import type { LaneId } from './text-claims.ts'

/**
 * What is paced, paused and cancelled together, kept inside the app's own document of it (a broadcast, a
 * sequence), so that one write changes both. The document's `_id` is the lane's id.
 */
export interface LaneFields {
  /** Whether texts may be handed over. Closing it binds within 0.55 s, wherever a text of it waits. */
  readonly open: boolean
  /** Segments a second over all copies; null: as fast as it goes. */
  readonly ratePerSecond: number | null
  /** Texts may be due from here on; absent where none waits. Raised by workers, lowered by `schedule`. */
  readonly wakeAt?: Date
  /** Counts `schedule`, so that a worker that found nothing due cannot hide what came meanwhile. */
  readonly wakes: number
  readonly reservation?: Reservation
}

export interface LaneDocument extends Document {
  readonly _id: string
  readonly a: AccountId
  readonly lane: LaneFields
}

/** A lane that hands nothing over yet. Open it by setting `lane.open`, then `schedule` it. */
export function closedLane(ratePerSecond: number | null): LaneFields {
  return { open: false, ratePerSecond, wakes: 0 }
}

/** Slots on the server's clock, both in ms since 1970. `closed`: nothing may be handed over. */
export type Slots =
  | { readonly granted: true; readonly startsAt: number; readonly now: number }
  | { readonly granted: false; readonly retryInMs: number }
  | 'closed'

export async function openLaneStore<Lane extends LaneDocument>(collection: Collection<Lane>) {
  const lanes = collection as unknown as Collection<LaneDocument>
  await ensureIndexes(lanes, [{ name: 'lane_wake', key: { 'lane.open': 1, 'lane.wakeAt': 1 } }])
  return {
    get({ a, lane }: LaneId): Promise<Pick<LaneDocument, '_id' | 'a' | 'lane'> | null> {
      return lanes.findOne({ _id: lane, a }, { projection: { a: 1, lane: 1 } })
    },

    /** Those of the lanes that are open, by their ids. */
    async openAmong(some: readonly LaneId[]): Promise<ReadonlySet<string>> {
      const these = { _id: { $in: some.map(({ lane }) => lane) }, a: { $in: some.map(({ a }) => a) } }
      const open = await lanes.find({ ...these, 'lane.open': true }, { projection: { _id: 1 } }).toArray()
      return new Set(open.map(({ _id }) => _id))
    },

    /** Open lanes in which texts may be due, those that have waited longest first. */
    async due(now: Date, lanesMax: number): Promise<LaneId[]> {
      const found = await lanes
        .find({ 'lane.open': true, 'lane.wakeAt': { $lte: now } }, { projection: { a: 1 } })
        .sort({ 'lane.wakeAt': 1 })
        .limit(lanesMax)
        .toArray()
      return found.map(({ _id, a }) => ({ a, lane: _id }))
    },

    /** Open lanes in order of their ids, for the sweep that finds what no wake has told. */
    async openAfter(id: string | null, lanesMax: number): Promise<LaneId[]> {
      const found = await lanes
        .find({ 'lane.open': true, ...(id === null ? {} : { _id: { $gt: id } }) }, { projection: { a: 1 } })
        .sort({ _id: 1 })
        .limit(lanesMax)
        .toArray()
      return found.map(({ _id, a }) => ({ a, lane: _id }))
    },

    /** Texts of the lane are due at `at`. To be called after they were kept. */
    async schedule({ a, lane }: LaneId, at: Date): Promise<void> {
      await lanes.updateOne(
        { _id: lane, a },
        { $min: { 'lane.wakeAt': at }, $inc: { 'lane.wakes': 1 } },
        { writeConcern: majorityWrite },
      )
    },

    /** Nothing is due before `at` (null: nothing waits), unless somebody scheduled since `wakes` was read. */
    async rest({ a, lane }: LaneId, wakes: number, at: Date | null): Promise<void> {
      await lanes.updateOne(
        { _id: lane, a, 'lane.wakes': wakes },
        at === null ? { $unset: { 'lane.wakeAt': true } } : { $set: { 'lane.wakeAt': at } },
      )
    },

    /**
     * Reserves consecutive slots for so many segments, in one atomic update by the server's clock: granted where
     * what is reserved already ends within 50 ms.
     */
    async reserve({ a, lane }: LaneId, segments: number, ratePerSecond: number | null): Promise<Slots> {
      const update = reservationUpdate('lane.reservation', segments, ratePerSecond)
      const found = await lanes.findOneAndUpdate({ _id: lane, a, 'lane.open': true }, update, {
        returnDocument: 'after',
        projection: { 'lane.reservation': 1 },
        writeConcern: { w: 1 },
      })
      return found ? latestReservation(found.lane.reservation) : 'closed'
    },

    /** Lets the lane rest for a while: the carrier says that it is too fast. */
    async slowDown({ a, lane }: LaneId, forMs: number): Promise<void> {
      const until = { $add: [{ $toLong: '$$NOW' }, forMs + aheadMs] }
      await lanes.updateOne({ _id: lane, a }, [
        { $set: { 'lane.reservation.until': { $max: ['$lane.reservation.until', until] } } },
      ])
    },
  }
}

export type LaneStore = Awaited<ReturnType<typeof openLaneStore>>
