import { pause, startLoop, type Timers, watchQueues } from '@heed/service'
import { defaultRetryLimits } from '../domain/settle.ts'
import type { LaneId } from '../store/text-claims.ts'
import { attemptIdOf, type ClaimedText } from '../store/text-document.ts'
import { type Desk, openDesk } from './desk.ts'
import type { DispatcherDeps, DispatchLimits } from './dispatcher-deps.ts'
import { type GiveBack, giveBack } from './give-back.ts'
import { type HandOffEnd, handOff } from './hand-off.ts'
import { type HeldTexts, heldTexts } from './held-texts.ts'
import { lanePacers } from './lane-pacers.ts'
import { runLane } from './lane-run.ts'
import { type LaneRuns, startLaneRuns } from './lane-runs.ts'
import { laneWakes } from './lane-wakes.ts'
import { outboundMetrics } from './metrics.ts'
import { numberGate } from './number-gate.ts'
import { openLanes } from './open-lanes.ts'
import { clearanceText, type Verdicts, verdictsAhead } from './verdicts.ts'

export interface Dispatcher extends AsyncDisposable {
  /** Looks for due texts now rather than at the next sweep. */
  wake(): void
  readonly inFlight: () => number
}

export const defaultDispatchLimits: DispatchLimits = {
  inFlightMax: 100,
  heldMax: 2_000,
  lanesMax: 500,
  leaseMs: 30_000,
  retry: defaultRetryLimits,
}
/** While the authority is away a few texts are enough to notice that it is back. */
const heldWhileAway = 20
/** A carrier has 5 s from the gate to answer. */
const stopWithinMs = 6_000

/**
 * Carries the due texts of all open lanes to the carrier; any number of copies share the work. Disposal claims
 * no more, lets what is in flight end and records it, within 6 s, and gives the rest back; it begins with the abort
 * of `stopping`, where there is one.
 */
export function startDispatcher(deps: DispatcherDeps): Dispatcher {
  const limits = { ...defaultDispatchLimits, ...deps.limits }
  const stopping = new AbortController()
  const givingUp = new AbortController()
  const verdicts = verdictsAhead(deps)
  const open = openLanes(deps)
  const later = (ms: number) => new Date(deps.serverClock.now().getTime() + ms)
  const tellIdle = (lane: LaneId) => {
    if (held.ofLane(lane) > 0 || runs.isActive(lane)) return
    open.forget(lane.lane)
    deps.onLaneIdle?.(lane)
  }
  const held: HeldTexts = heldTexts(tellIdle)
  const metrics = outboundMetrics(deps.metrics)
  const wake = laneWakes(deps)
  const back = giveBack({ ...deps, held, wake })
  const slots = lanePacers((text) => back.give([text], later(0)))
  const known = { verdicts, openLanes: open }
  const hands = handOff({ ...deps, ...known, metrics, limits: limits.retry, givingUp: givingUp.signal })
  const desk = openDesk({
    ...deps,
    handOff: hands,
    inFlightMax: limits.inFlightMax,
    giveBack: (texts, ms) => back.give(texts, later(ms)),
    again: slots.again,
    wake: (lane, ms) => wake(lane, later(ms)),
    slowDown: (lane, ms) => void deps.lanes.slowDown(lane, ms).catch(() => {}),
    onEnd(text, end) {
      held.remove(text)
      if (end.end === 'settled') tellSettled(deps, text, end)
    },
  })
  const gated = { giveBack: back.give, signal: stopping.signal }
  const onSlot = numberGate({ ...deps, ...gated, release: desk.push })
  const runs: LaneRuns = startLaneRuns({
    ...deps,
    lanesMax: limits.lanesMax,
    onEnded: tellIdle,
    run: (lane) =>
      runLane(
        {
          ...deps,
          ...gated,
          openLanes: open,
          room: (one) => roomFor(one, { held, verdicts, runs, heldMax: limits.heldMax }),
          onClaimed: held.add,
          onSlot,
          onPacer: slots.onPacer,
          suppress: (text, reasons) => {
            const gone = () => held.remove(text)
            hands.suppress(text, reasons).then(gone, gone)
          },
        },
        lane,
      ),
  })
  watchQueues(deps.metrics, queuesOf({ held, desk, runs, limits }))
  const leases = startLoop({
    ...deps,
    name: 'leases',
    everyMs: limits.leaseMs / 3,
    run: () => deps.texts.extend(held.all()),
  })
  const parts = { stopping, givingUp, runs, desk, back, leases, timers: deps.timers }
  const stopOnce = onceOnly(() => stop(parts))
  deps.stopping?.addEventListener('abort', () => void stopOnce().catch(() => {}), { once: true })
  return { wake: () => runs.wake(), inFlight: () => desk.inFlight, [Symbol.asyncDispose]: stopOnce }
}

function tellSettled(
  deps: DispatcherDeps,
  text: ClaimedText,
  { settlement, handOver }: Extract<HandOffEnd, { end: 'settled' }>,
): void {
  if (settlement.state === 'suppressed' && settlement.refusalDue) deps.onRefusal?.()
  if ('basis' in handOver) {
    deps.onHandedOver?.({
      text: clearanceText(text),
      attemptId: attemptIdOf(text),
      basis: handOver.basis,
    })
  }
  deps.onSettled?.(text)
}

function queuesOf({
  held,
  desk,
  runs,
  limits,
}: {
  held: HeldTexts
  desk: Desk
  runs: LaneRuns
  limits: DispatchLimits
}) {
  return {
    'texts-held': { depth: () => held.size, max: limits.heldMax },
    'texts-in-flight': { depth: () => desk.inFlight, max: limits.inFlightMax },
    desk: { depth: () => desk.waiting, max: limits.heldMax },
    lanes: { depth: () => runs.count, max: limits.lanesMax },
  }
}

/**
 * Lanes share what the process may hold, so that a long one cannot fill it. A small claim costs nearly what a large one
 * does, so there is none before an eighth of the share is free.
 */
function roomFor(
  lane: LaneId,
  { held, verdicts, runs, heldMax }: { held: HeldTexts; verdicts: Verdicts; runs: LaneRuns; heldMax: number },
): number {
  const max = verdicts.isAway ? Math.min(heldWhileAway, heldMax) : heldMax
  const share = Math.max(1, Math.floor(max / Math.max(1, runs.count)))
  const free = Math.min(max - held.size, share - held.ofLane(lane))
  return free * 8 < share ? 0 : free
}

function onceOnly(run: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= run()
    return done
  }
}

async function stop(parts: {
  stopping: AbortController
  givingUp: AbortController
  runs: LaneRuns
  desk: { close(): Promise<void> }
  back: GiveBack
  leases: AsyncDisposable
  timers: Timers
}): Promise<void> {
  parts.stopping.abort()
  const late = new AbortController()
  const ended = parts.desk.close()
  await Promise.race([ended, pause(stopWithinMs, late.signal, parts.timers)])
  late.abort()
  parts.givingUp.abort()
  await parts.runs[Symbol.asyncDispose]()
  await parts.back.settled()
  await parts.leases[Symbol.asyncDispose]()
}
