import { type Db, isDuplicateKey } from '@heed/mongo'
import type { AccountId, PhoneNumber } from '@heed/phone'
import type { Slots } from './lane-store.ts'
import { latestReservation, type Reservation, reservationUpdate } from './reservation.ts'

interface NumberPacerDocument {
  readonly _id: string
  readonly a: AccountId
  readonly reservation: Reservation
}

/** One clock for each sending number that has a limit of its own, shared by all its lanes and all copies. */
export function numberPacers(db: Db) {
  const pacers = db.collection<NumberPacerDocument>('number_pacers')
  return {
    async reserve(a: AccountId, from: PhoneNumber, segments: number, ratePerSecond: number): Promise<Slots> {
      const update = reservationUpdate('reservation', segments, ratePerSecond)
      const attempt = () =>
        pacers.findOneAndUpdate({ _id: `${a}/${from}`, a }, update, {
          returnDocument: 'after',
          upsert: true,
          writeConcern: { w: 1 },
        })
      // Two first reservations at once: one inserts, the other finds it the second time.
      const found = await attempt().catch((error: unknown) => {
        if (!isDuplicateKey(error)) throw error
        return attempt()
      })
      return latestReservation(found?.reservation)
    },
  }
}

export type NumberPacers = ReturnType<typeof numberPacers>
