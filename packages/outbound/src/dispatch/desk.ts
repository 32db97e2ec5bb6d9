import { backoffMs, type Clock, type Logger, type Timers } from '@heed/service'
import { slotMissedMs } from '../domain/slots.ts'
import type { LaneId } from '../store/text-claims.ts'
import type { ClaimedText } from '../store/text-document.ts'
import { fairQueue } from './fair-queue.ts'
import type { HandOff, HandOffEnd } from './hand-off.ts'

/** Where texts whose slot has come wait for a free connection; accounts take turns. */
export interface Desk {
  /** The first byte is written at `slotAt` (monotonic ms; 0: at once), or a little after. */
  push(text: ClaimedText, slotAt: number): void
  /** Texts on their way to the carrier, or waiting for its answer. */
  readonly inFlight: number
  /** Texts whose slot has come and that wait for a connection. */
  readonly waiting: number
  /** Takes no more texts, and resolves when those in flight have ended and are recorded; what waits is given back. */
  close(): Promise<void>
}

export interface DeskDeps {
  readonly handOff: HandOff
  readonly inFlightMax: number
  readonly clock: Clock
  readonly timers: Timers
  readonly random: () => number
  readonly log: Logger
  readonly giveBack: (texts: readonly ClaimedText[], dueInMs: number) => void
  /** The text waits for another slot: what was held must not go out in one burst. */
  readonly again: (text: ClaimedText) => void
  readonly wake: (lane: LaneId, dueInMs: number) => void
  readonly slowDown: (lane: LaneId, forMs: number) => void
  /** The text has left this process's hands, its result recorded. */
  readonly onEnd: (text: ClaimedText, end: HandOffEnd) => void
}

/** A text held this long goes back into its lane: another copy may have paused or cancelled it meanwhile. */
const heldHereMs = 1_000
const heldFirstMs = 10
const heldMaxMs = 200
const tooFastMs = 1_000

export function openDesk(deps: DeskDeps): Desk {
  const queue = fairQueue<{ text: ClaimedText; slotAt: number }>(({ text }) => text.a)
  const holds = new Map<ClaimedText, { since: number; times: number }>()
  const pending = new Set<() => void>()
  const allEnded = Promise.withResolvers<void>()
  const carrier = carrierRest(deps)
  const recordingMax = 2 * deps.inFlightMax
  let inFlight = 0
  let recording = 0
  let isClosed = false

  const later = (ms: number, run: () => void) => {
    const cancel = deps.timers.after(ms, () => {
      pending.delete(cancel)
      run()
    })
    pending.add(cancel)
  }
  const pump = () => {
    if (isClosed) return
    while (queue.size > 0 && inFlight < carrier.inFlightMax() && recording < recordingMax) {
      const next = queue.take()
      if (next) void one(next.text, next.slotAt)
    }
  }
  const hold = (text: ClaimedText, why: string) => {
    const now = deps.clock.monoMs()
    const { since, times } = holds.get(text) ?? { since: now, times: 0 }
    holds.set(text, { since, times: times + 1 })
    if (isClosed || why === 'hinted' || now - since > heldHereMs) {
      holds.delete(text)
      deps.giveBack([text], why === 'hinted' ? heldHereMs : heldMaxMs)
      return
    }
    later(backoffMs(times, { firstMs: heldFirstMs, maxMs: heldMaxMs }, deps.random), () => {
      deps.again(text)
    })
  }
  const ended = () => {
    if (isClosed && inFlight + recording === 0) allEnded.resolve()
    pump()
  }
  const landed = async (text: ClaimedText, end: HandOffEnd) => {
    if (end.end === 'held') return hold(text, end.why)
    holds.delete(text)
    if (end.end === 'settled') {
      carrierTold(end)
      recording++
      pump()
      await end.recorded.finally(() => recording--)
      tellLane(deps, text, end)
    }
    deps.onEnd(text, end)
  }
  const carrierTold = ({ handOver }: Extract<HandOffEnd, { end: 'settled' }>) => {
    if (handOver.outcome === 'unreachable') later(carrier.failed(handOver.cause), pump)
    else if ('basis' in handOver) carrier.reached()
  }
  const one = async (text: ClaimedText, slotAt: number) => {
    if (slotAt > 0 && deps.clock.monoMs() - slotAt > slotMissedMs) return deps.again(text)
    inFlight++
    const brought = deps.handOff.bring(text, slotAt).finally(() => inFlight--)
    try {
      await landed(text, await brought)
    } catch (err) {
      // Whether it was handed over is not known here: the end of its lease decides by its intent.
      deps.log.error({ err, lane: text.lane }, 'a hand-off failed')
      holds.delete(text)
      deps.onEnd(text, { end: 'lost' })
    } finally {
      ended()
    }
  }
  return {
    get inFlight() {
      return inFlight
    },
    get waiting() {
      return queue.size
    },
    push(text, slotAt) {
      if (isClosed) return deps.giveBack([text], 0)
      // Further behind its verdict would be too old when its turn comes.
      if (queue.size < deps.inFlightMax) deps.handOff.comingUp(text)
      queue.push({ text, slotAt })
      pump()
    },
    async close() {
      isClosed = true
      for (const cancel of pending) cancel()
      const waiting = new Set([...queue.drain().map(({ text }) => text), ...holds.keys()])
      deps.giveBack([...waiting], 0)
      if (inFlight + recording > 0) await allEnded.promise
    },
  }
}

function tellLane(
  deps: DeskDeps,
  text: ClaimedText,
  { settlement, handOver }: Extract<HandOffEnd, { end: 'settled' }>,
): void {
  const lane = { a: text.a, lane: text.lane }
  if (settlement.state === 'ready') deps.wake(lane, settlement.dueInMs)
  if (handOver.outcome === 'refused' && handOver.retryable)
    deps.slowDown(lane, handOver.retryAfterMs ?? tooFastMs)
}

/** While no connection comes up, one text at a time tries, after a pause, so that an outage spends few attempts. */
function carrierRest({ inFlightMax, clock, random, log }: DeskDeps) {
  let failures = 0
  let restsUntil = 0
  return {
    inFlightMax() {
      if (failures === 0) return inFlightMax
      return clock.monoMs() < restsUntil ? 0 : 1
    },
    failed(err: unknown): number {
      if (failures === 0) log.warn({ err }, 'the carrier cannot be reached')
      const restMs = backoffMs(failures++, { firstMs: 100, maxMs: 5_000 }, random)
      restsUntil = clock.monoMs() + restMs
      return restMs + 1
    },
    reached() {
      if (failures > 0) log.info({ failures }, 'the carrier is reached again')
      failures = 0
    },
  }
}
