import { type Collection, majorityWrite } from '@heed/mongo'
import { accountsOf, distinctLanes, type LaneId } from './text-claims.ts'
import { byId, type StoredText } from './text-document.ts'

const durable = { writeConcern: majorityWrite, ...byId } as const
const noLease = { $unset: { claim: true, leasedAt: true, heldBy: true } } as const

/** What becomes of texts whose worker died, was cut off or hangs. */
export function expiredClaims(texts: Collection<StoredText>) {
  return {
    /**
     * Takes texts from workers whose lease has run out: without an intent back into the lane; with one they may
     * have been handed over, so they are unknown, or what a receipt has told meanwhile. Returns their lanes.
     */
    async takeExpired(now: Date, leaseMs: number, textsMax = 2_000): Promise<LaneId[]> {
      const expired = { leasedAt: { $lte: new Date(now.getTime() - leaseMs) } }
      const found = await texts
        .find(expired, { projection: { a: 1, lane: 1 } })
        .limit(textsMax)
        .toArray()
      if (found.length === 0) return []
      const these = { ...expired, _id: { $in: found.map(({ _id }) => _id) }, a: { $in: accountsOf(found) } }
      await texts.updateMany(
        { ...these, state: 'claimed' },
        { $set: { state: 'ready' }, ...noLease },
        durable,
      )
      const sending = { ...these, state: 'sending' as const }
      const since = now.toISOString()
      const endings = [
        { told: { delivery: null }, state: 'unknown', reasons: [{ reason: 'worker-lost', since }] },
        {
          told: { 'delivery.status': { $in: ['accepted', 'sent', 'delivered'] } },
          state: 'sent',
          reasons: [],
        },
        { told: {}, state: 'failed', reasons: [{ reason: 'carrier-reported-failure', since }] },
      ] as const
      for (const { told, state, reasons } of endings) {
        const ended = { $set: { state, reasons, settledAt: now }, ...noLease }
        await texts.updateMany({ ...sending, ...told } as typeof sending, ended, durable)
      }
      return distinctLanes(found)
    },
  }
}
