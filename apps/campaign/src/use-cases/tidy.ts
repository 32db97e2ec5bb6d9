import type { LaneId, Outbound } from '@heed/outbound'
import type { Broadcasts } from '../store/broadcasts.ts'
import type { EndWaiting } from './end-waiting.ts'

const preparingMaxMs = 600_000
const perPass = 200

/** Moves a broadcast whose texts have all ended to `finished`. Nobody adds texts to a broadcast that runs. */
export function finishIfDone(deps: { broadcasts: Broadcasts; outbound: Pick<Outbound, 'texts' | 'now'> }) {
  return async ({ a, lane }: LaneId): Promise<void> => {
    if (await deps.outbound.texts.hasWaiting({ a, lane })) return
    await deps.broadcasts.move({ a, id: lane }, 'finish', deps.outbound.now())
  }
}

/** What crashes left behind, and what no event told of. Any number of copies may run it. */
export function tidy(deps: {
  broadcasts: Broadcasts
  outbound: Pick<Outbound, 'texts' | 'now' | 'wake'>
  endWaiting: EndWaiting
  finishIfDone: (lane: LaneId) => Promise<void>
}) {
  return async (signal: AbortSignal): Promise<void> => {
    const now = deps.outbound.now()
    const isAlive = () => !signal.aborted
    for (const { a, _id: id } of await deps.broadcasts.starting(now, perPass)) {
      if (isAlive() && (await deps.broadcasts.move({ a, id }, 'start', now)))
        await deps.outbound.wake({ a, lane: id })
    }
    for (const broadcast of await deps.broadcasts.ending(perPass)) {
      if (isAlive()) await deps.endWaiting(broadcast)
    }
    for (const { a, _id } of await deps.broadcasts.inState(['running', 'paused'], now, perPass)) {
      if (isAlive()) await deps.finishIfDone({ a, lane: _id })
    }
    const old = new Date(now.getTime() - preparingMaxMs)
    for (const { a, _id: id } of await deps.broadcasts.inState(['preparing', 'removing'], old, perPass)) {
      if (!isAlive()) return
      await deps.broadcasts.giveUpPreparing({ a, id })
      await deps.outbound.texts.discard({ a, lane: id })
      await deps.broadcasts.remove({ a, id })
    }
  }
}
