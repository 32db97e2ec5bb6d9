import { startLoop } from '@heed/service'
import type { LaneId } from '../store/text-claims.ts'
import type { DispatcherDeps } from './dispatcher-deps.ts'

export interface LaneRuns extends AsyncDisposable {
  wake(): void
  isActive(lane: LaneId): boolean
  readonly count: number
}

const sweepEveryMs = 500

/** Keeps a run going for each open lane in which texts are due. */
export function startLaneRuns(
  deps: Pick<DispatcherDeps, 'lanes' | 'serverClock' | 'timers' | 'random' | 'log'> & {
    lanesMax: number
    run: (lane: LaneId) => Promise<void>
    onEnded: (lane: LaneId) => void
  },
): LaneRuns {
  const active = new Map<string, Promise<void>>()
  const start = (lane: LaneId) => {
    const ended = deps
      .run(lane)
      .catch((err: unknown) => deps.log.warn({ err, lane: lane.lane }, 'work on a lane failed, trying again'))
      .finally(() => {
        active.delete(lane.lane)
        deps.onEnded(lane)
      })
    active.set(lane.lane, ended)
  }
  const loop = startLoop({
    ...deps,
    name: 'due lanes',
    everyMs: sweepEveryMs,
    run: async (signal) => {
      const due = await deps.lanes.due(deps.serverClock.now(), deps.lanesMax)
      for (const lane of due) {
        if (signal.aborted || active.size >= deps.lanesMax) return
        if (!active.has(lane.lane)) start(lane)
      }
    },
  })
  return {
    wake: () => loop.wake(),
    isActive: ({ lane }) => active.has(lane),
    get count() {
      return active.size
    },
    async [Symbol.asyncDispose]() {
      await loop[Symbol.asyncDispose]()
      await Promise.all(active.values())
    },
  }
}
