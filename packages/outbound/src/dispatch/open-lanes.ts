import { batcher, type Clock, type Logger, type Timers } from '@heed/service'
import type { LaneStore } from '../store/lane-store.ts'
import type { LaneId } from '../store/text-claims.ts'

/** With the way of an answer and to the kernel, a pause or a cancel binds within 0.55 s, as an opt-out does. */
const openForMs = 475

/**
 * Which lanes are known to be open: for a while after they were asked, counted from before the question. A text may
 * wait for its sending number, a verdict or a connection long after its lane gave it a slot.
 */
export interface OpenLanes {
  /** A question sent at `askedAt` (monotonic ms) found the lane open. */
  told(lane: string, askedAt: number): void
  isKnown(lane: string): boolean
  /** Whether it is open, asked where that is not known. Not knowing is told as false. */
  ask(lane: LaneId): Promise<boolean>
  forget(lane: string): void
}

export function openLanes(deps: {
  lanes: Pick<LaneStore, 'openAmong'>
  clock: Pick<Clock, 'monoMs'>
  timers: Timers
  log: Logger
}): OpenLanes {
  const { clock, log } = deps
  const openUntil = new Map<string, number>()
  const told = (lane: string, askedAt: number) =>
    void openUntil.set(lane, Math.max(openUntil.get(lane) ?? 0, askedAt + openForMs))
  const isKnown = (lane: string) => clock.monoMs() < (openUntil.get(lane) ?? 0)
  const questions = batcher<LaneId, boolean>({
    itemsMax: 500,
    batchesMax: 2,
    timers: deps.timers,
    run: async (lanes) => {
      const askedAt = clock.monoMs()
      const open = await deps.lanes.openAmong(lanes).catch((err: unknown) => {
        log.warn({ err, texts: lanes.length }, 'whether lanes are open is not known; their texts are held')
        return new Set<string>()
      })
      for (const lane of open) told(lane, askedAt)
      return lanes.map(({ lane }) => open.has(lane))
    },
  })
  return {
    told,
    isKnown,
    ask: async (lane) => isKnown(lane.lane) || questions.add(lane),
    forget: (lane) => void openUntil.delete(lane),
  }
}
