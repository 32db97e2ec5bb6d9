import { batcher, type Logger, type Timers } from '@heed/service'
import type { LaneStore } from '../store/lane-store.ts'
import type { LaneId } from '../store/text-claims.ts'

/**
 * Tells lanes that texts are due in them again, once for many texts. A wake that fails is found by the sweep, so
 * it is logged and forgotten.
 */
export function laneWakes({
  lanes,
  timers,
  log,
}: {
  lanes: Pick<LaneStore, 'schedule'>
  timers: Timers
  log: Logger
}): (lane: LaneId, at: Date) => void {
  const wakes = batcher<{ lane: LaneId; at: Date }, void>({
    itemsMax: 5_000,
    batchesMax: 1,
    timers,
    run: async (items) => {
      const earliest = new Map<string, { lane: LaneId; at: Date }>()
      for (const item of items) {
        const known = earliest.get(item.lane.lane)
        if (!known || item.at < known.at) earliest.set(item.lane.lane, item)
      }
      await Promise.all([...earliest.values()].map(({ lane, at }) => lanes.schedule(lane, at)))
      return items.map(() => undefined)
    },
  })
  return (lane, at) => {
    wakes
      .add({ lane, at })
      .catch((err: unknown) => log.warn({ err, lane: lane.lane }, 'a lane was not woken'))
  }
}
