import type { Document } from '@heed/mongo'
import { aheadMs, leadMs } from '../domain/slots.ts'
import type { Slots } from './lane-store.ts'

/** Where slots are reserved up to, and the latest attempt to reserve. All on the server's clock, ms since 1970. */
export interface Reservation {
  /** With fractions: a slot may be a fifth of a millisecond. */
  readonly until: number
  readonly startsAt: number | null
  readonly now: number
}

/**
 * One update that either moves `until` on by the slots asked for or leaves it (GCRA without a burst: time that
 * nobody used is gone). It says in the document which of the two it was.
 */
export function reservationUpdate(field: string, segments: number, ratePerSecond: number | null): Document[] {
  const lengthMs = ratePerSecond === null ? 0 : (segments * 1_000) / ratePerSecond
  // Texts without a rate wait for no slot, and those with one need a little time on their way to it.
  const earliest = { $add: [`$${field}.now`, ratePerSecond === null ? 0 : leadMs] }
  const begin = { $max: [{ $ifNull: [`$${field}.until`, 0] }, earliest] }
  return [
    { $set: { [`${field}.now`]: { $toLong: '$$NOW' } } },
    { $set: { [`${field}.startsAt`]: begin } },
    {
      $set: {
        [`${field}.startsAt`]: {
          $cond: [
            { $lte: [`$${field}.startsAt`, { $add: [`$${field}.now`, aheadMs] }] },
            `$${field}.startsAt`,
            null,
          ],
        },
      },
    },
    {
      $set: {
        [`${field}.until`]: {
          $ifNull: [{ $add: [`$${field}.startsAt`, lengthMs] }, `$${field}.until`],
        },
      },
    },
  ]
}

export function latestReservation(reservation: Reservation | undefined): Slots {
  if (!reservation) return 'closed'
  const { startsAt, until } = reservation
  const now = Number(reservation.now)
  if (startsAt !== null) return { granted: true, startsAt: Number(startsAt), now }
  return { granted: false, retryInMs: Math.max(1, Number(until) - aheadMs - now) }
}
