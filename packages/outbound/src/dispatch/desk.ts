import { backoffMs, type Clock, type Logger, type Timers } from '@heed/service'
import type { HandOver } from '../carrier/carrier.ts'
import type { LaneId } from '../store/text-claims.ts'
import type { ClaimedText } from '../store/text-document.ts'
import type { HandOff, HandOffEnd } from './hand-off.ts'
import { textsInTurn } from './texts-in-turn.ts'

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
  const turns = textsInTurn({ ...deps, comingUp: deps.handOff.comingUp, aheadMax: deps.inFlightMax })
  const allEnded = Promise.withResolvers<void>()
  const carrier = carrierRest(deps)
  const pauses = cancellable(deps.timers)
  const holds = heldHere(deps, pauses.after)
  let inFlight = 0
  /** Those in flight, and those whose result is being recorded. */
  let unfinished = 0
  let isClosed = false

  const pump = () => {
    if (isClosed) return
    while (inFlight < carrier.inFlightMax() && unfinished < 3 * deps.inFlightMax) {
      const next = turns.take()
      if (!next) return
      void one(next.text, next.slotAt)
    }
  }
  const landed = async (text: ClaimedText, end: Exclude<HandOffEnd, { end: 'held' }>) => {
    holds.forget(text)
    if (end.end === 'settled') {
      const restMs = carrier.told(end.handOver)
      if (restMs > 0) pauses.after(restMs, pump)
      pump()
      await end.recorded
      tellLane(deps, text, end)
    }
    deps.onEnd(text, end)
  }
  const one = async (text: ClaimedText, slotAt: number) => {
    inFlight++
    unfinished++
    let isInFlight = true
    try {
      const end = await deps.handOff.bring(text, slotAt)
      inFlight--
      isInFlight = false
      if (end.end === 'held') holds.hold(text, end.why, isClosed)
      else await landed(text, end)
    } catch (err) {
      // Whether it was handed over is not known here: the end of its lease decides by its intent.
      deps.log.error({ err, lane: text.lane }, 'a hand-off failed')
      holds.forget(text)
      deps.onEnd(text, { end: 'lost' })
    } finally {
      if (isInFlight) inFlight--
      unfinished--
      if (isClosed && unfinished === 0) allEnded.resolve()
      pump()
    }
  }
  return {
    get inFlight() {
      return inFlight
    },
    get waiting() {
      return turns.size
    },
    push(text, slotAt) {
      if (isClosed) return deps.giveBack([text], 0)
      turns.push({ text, slotAt })
      pump()
    },
    async close() {
      isClosed = true
      pauses.cancel()
      deps.giveBack([...new Set([...turns.drain().map(({ text }) => text), ...holds.drain()])], 0)
      if (unfinished > 0) await allEnded.promise
    },
  }
}

/** Timers that can be cancelled together. */
function cancellable(timers: Timers) {
  const pending = new Set<() => void>()
  return {
    after(ms: number, run: () => void) {
      const cancel = timers.after(ms, () => {
        pending.delete(cancel)
        run()
      })
      pending.add(cancel)
    },
    cancel() {
      for (const cancel of pending) cancel()
    },
  }
}

/** Texts that the gate holds: soon another slot, later back into their lane. */
function heldHere(deps: DeskDeps, after: (ms: number, run: () => void) => void) {
  const holds = new Map<ClaimedText, { since: number; times: number }>()
  return {
    hold(text: ClaimedText, why: string, isClosed: boolean) {
      const now = deps.clock.monoMs()
      const { since, times } = holds.get(text) ?? { since: now, times: 0 }
      holds.set(text, { since, times: times + 1 })
      if (isClosed || why === 'hinted' || now - since > heldHereMs) {
        holds.delete(text)
        return deps.giveBack([text], why === 'hinted' ? heldHereMs : heldMaxMs)
      }
      const pauseMs = backoffMs(times, { firstMs: heldFirstMs, maxMs: heldMaxMs }, deps.random)
      after(pauseMs, () => deps.again(text))
    },
    forget: (text: ClaimedText) => void holds.delete(text),
    /** All that are held. */
    drain: () => [...holds.keys()],
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
  const failed = (err: unknown): number => {
    if (failures === 0) log.warn({ err }, 'the carrier cannot be reached')
    const restMs = backoffMs(failures++, { firstMs: 100, maxMs: 5_000 }, random)
    restsUntil = clock.monoMs() + restMs
    return restMs + 1
  }
  return {
    inFlightMax() {
      if (failures === 0) return inFlightMax
      return clock.monoMs() < restsUntil ? 0 : 1
    },
    /** How long to rest, in ms. */
    told(handOver: HandOver): number {
      if (handOver.outcome === 'unreachable') return failed(handOver.cause)
      if ('basis' in handOver && failures > 0) {
        log.info({ failures }, 'the carrier is reached again')
        failures = 0
      }
      return 0
    },
  }
}
