import type { Db } from '@heed/mongo'
import { type Logger, startLoop, type Timers } from '@heed/service'
import { readServerTime, type ServerClock } from './dispatch/server-clock.ts'
import type { LaneStore } from './store/lane-store.ts'
import type { LaneId } from './store/text-claims.ts'
import type { TextStore } from './store/text-store.ts'

const lanesPerPass = 100

/** Finds what crashes and lost wakes have left. Any number of copies may run them. */
export function startSweeps(deps: {
  readonly db: Db
  readonly texts: Pick<TextStore, 'takeExpired' | 'nextDueAt'>
  readonly lanes: Pick<LaneStore, 'schedule' | 'openAfter' | 'get'>
  readonly serverClock: ServerClock
  readonly timers?: Timers
  readonly random?: () => number
  readonly log: Logger
  readonly leaseMs: number
  readonly onLane: (lane: LaneId) => void
}): AsyncDisposable {
  const { texts, lanes, serverClock } = deps
  const sweeping = new AsyncDisposableStack()
  sweeping.use(
    startLoop({
      ...deps,
      name: 'lost workers',
      everyMs: Math.min(2_000, deps.leaseMs / 4),
      run: async () => {
        await readServerTime(deps.db, serverClock)
        for (const lane of await texts.takeExpired(serverClock.now(), deps.leaseMs)) {
          await lanes.schedule(lane, new Date(0))
          deps.onLane(lane)
        }
      },
    }),
  )
  let after: string | null = null
  sweeping.use(
    startLoop({
      ...deps,
      name: 'lost wakes',
      everyMs: 5_000,
      run: async () => {
        const open = await lanes.openAfter(after, lanesPerPass)
        for (const lane of open) {
          const dueAt = await texts.nextDueAt(lane)
          const wakeAt = (await lanes.get(lane))?.lane.wakeAt
          if (dueAt && (!wakeAt || dueAt < wakeAt)) await lanes.schedule(lane, dueAt)
          if (!dueAt) deps.onLane(lane)
        }
        after = open.length === lanesPerPass ? (open.at(-1)?.lane ?? null) : null
      },
    }),
  )
  return { [Symbol.asyncDispose]: () => sweeping.disposeAsync() }
}
