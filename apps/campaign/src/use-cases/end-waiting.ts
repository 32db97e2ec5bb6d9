import type { Outbound } from '@heed/outbound'
import type { BroadcastDocument } from '../store/broadcast-document.ts'
import type { Broadcasts } from '../store/broadcasts.ts'

export type EndWaiting = (broadcast: BroadcastDocument) => Promise<void>

/** A caller waits for no more than this; the rest is ended in the background. */
const withinMs = 2_000

/** Ends the waiting texts of a cancelled broadcast. What is in flight ends by its own result. */
export function endWaiting(deps: {
  broadcasts: Pick<Broadcasts, 'ended'>
  outbound: Pick<Outbound, 'texts' | 'now'>
  monoMs: () => number
}): EndWaiting {
  return async ({ _id: id, a, endedAt }) => {
    const lane = { a, lane: id }
    const until = deps.monoMs() + withinMs
    const since = (endedAt ?? deps.outbound.now()).toISOString()
    while (deps.monoMs() < until) {
      const ended = await deps.outbound.texts.suppressLane(
        lane,
        [{ reason: 'cancelled', since }],
        deps.outbound.now(),
      )
      if (ended > 0) continue
      if (!(await deps.outbound.texts.hasWaiting(lane))) await deps.broadcasts.ended({ a, id })
      return
    }
  }
}
