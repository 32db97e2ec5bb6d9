import type { Gate } from '@heed/clearance'
import {
  type Batcher,
  batcher,
  type Clock,
  type Logger,
  pause,
  type RaiseAlarm,
  type Timers,
  untilItWorks,
} from '@heed/service'
import type { Carrier, HandOver, HandOverBasis } from '../carrier/carrier.ts'
import { type RetryLimits, type Settlement, settle } from '../domain/settle.ts'
import { slotMissedMs } from '../domain/slots.ts'
import type { TextReason } from '../domain/text-reason.ts'
import { attemptIdOf, type ClaimedText, claimKey } from '../store/text-document.ts'
import type { TextResult } from '../store/text-outcomes.ts'
import type { TextStore } from '../store/text-store.ts'
import type { OutboundMetrics } from './metrics.ts'
import type { OpenLanes } from './open-lanes.ts'
import type { ServerClock } from './server-clock.ts'
import { clearanceText, type Verdicts } from './verdicts.ts'

export interface HandOffDeps {
  readonly texts: Pick<TextStore, 'recordIntents' | 'record'>
  readonly gate: Pick<Gate, 'pass'>
  readonly verdicts: Verdicts
  readonly openLanes: Pick<OpenLanes, 'ask' | 'isKnown'>
  readonly carrier: Carrier
  readonly serverClock: ServerClock
  readonly clock: Clock
  readonly limits: RetryLimits
  readonly timers: Timers
  readonly random: () => number
  readonly log: Logger
  readonly metrics: OutboundMetrics
  readonly raise: RaiseAlarm
  /** Its abort ends the attempts to record a result while the database is away. */
  readonly givingUp: AbortSignal
}

/** What one hand-off came to. `held`: nothing happened yet, and the text is still claimed. */
export type HandOffEnd =
  | { readonly end: 'held'; readonly why: string }
  | { readonly end: 'lost' }
  | {
      readonly end: 'settled'
      readonly settlement: Settlement
      readonly handOver: HandOver
      /** Resolves when the result is recorded by a majority. */
      readonly recorded: Promise<void>
    }

export interface HandOff {
  /** To be told of texts whose turn is about to come. */
  comingUp(text: ClaimedText): void
  /** The first byte is not written before `slotAt`, monotonic ms. */
  bring(text: ClaimedText, slotAt: number): Promise<HandOffEnd>
  /** Ends a claimed text that is not to be brought. */
  suppress(text: ClaimedText, reasons: readonly TextReason[]): Promise<void>
}

const laneNotKnown = { outcome: 'hold', why: 'lane' } as const

/** Held at the gate this often with its intent recorded, a text gives its intent back. */
const gateTriesMax = 3

/**
 * Brings one claimed text to the carrier: verdict, intent, connection, gate, first byte, answer. Its connection is
 * free then, so the result is recorded while others are brought.
 */
export function handOff(deps: HandOffDeps): HandOff {
  const intents = batcher<ClaimedText, boolean>({
    itemsMax: 500,
    batchesMax: 1,
    timers: deps.timers,
    run: async (texts) => {
      const standing = await deps.texts.recordIntents(texts)
      return texts.map((text) => standing.has(claimKey(text)))
    },
  })
  const results = resultRecorder(deps)

  const bring = async (text: ClaimedText, slotAt: number): Promise<HandOffEnd> => {
    const [verdict, isOpen] = await Promise.all([deps.verdicts.ask(text), deps.openLanes.ask(text)])
    if (verdict !== 'allowed' && verdict.outcome === 'hold') return { end: 'held', why: verdict.why }
    if (verdict !== 'allowed') return settled(deps, results, text, verdict, false)
    if (!isOpen) return { end: 'held', why: 'lane' }
    // After the question: while compliance is away it waits longer than a slot may be missed.
    if (slotAt > 0 && deps.clock.monoMs() - slotAt > slotMissedMs) return { end: 'held', why: 'slot' }
    const intent = await intents.add(text).catch((err: unknown) => {
      deps.log.warn({ err }, 'an intent was perhaps not recorded; the text is held')
      return 'not known' as const
    })
    // Held, it comes back here, and an intent that stands already counts.
    if (intent === 'not known') return { end: 'held', why: 'intent' }
    if (!intent) {
      deps.metrics.claimLost()
      return { end: 'lost' }
    }
    const earlyMs = slotAt - deps.clock.monoMs()
    if (earlyMs > 0) await pause(earlyMs, undefined, deps.timers)
    return settled(deps, results, text, await tryAtGate(deps, text), true)
  }
  return {
    comingUp: deps.verdicts.askAhead,
    bring,
    suppress: (text, reasons) =>
      results.add({
        text,
        hasIntent: false,
        settlement: { state: 'suppressed', reasons, refusalDue: false },
        basis: null,
        providerId: null,
        error: null,
      }),
  }
}

/** What is known may run out while the intent is recorded or the connection comes up; then it is asked for again. */
async function tryAtGate(deps: HandOffDeps, text: ClaimedText): Promise<HandOver> {
  const carried = {
    accountId: text.a,
    number: text.number,
    from: text.from,
    body: text.text,
    attemptId: attemptIdOf(text),
  }
  for (let tries = 1; ; tries++) {
    const handOver = await deps.carrier.handOver(carried, (write) =>
      deps.openLanes.isKnown(text.lane) ? deps.gate.pass<void>(clearanceText(text), write) : laneNotKnown,
    )
    if (handOver.outcome !== 'held' || handOver.why === 'hinted' || tries >= gateTriesMax) return handOver
    const [verdict, isOpen] = await Promise.all([deps.verdicts.ask(text), deps.openLanes.ask(text)])
    if (!isOpen || (verdict !== 'allowed' && verdict.outcome === 'hold')) return handOver
  }
}

function settled(
  deps: HandOffDeps,
  results: Batcher<TextResult, void>,
  text: ClaimedText,
  handOver: HandOver,
  hasIntent: boolean,
): HandOffEnd {
  const settlement = settle({
    handOver,
    attempts: text.attempts,
    limits: deps.limits,
    now: deps.serverClock.now(),
    random: deps.random(),
  })
  deps.metrics.settled(settlement.state)
  const basis = basisOf(handOver)
  if (basis?.late) {
    deps.metrics.late()
    const lateMs = Math.round(basis.writtenAt - basis.gatedAt)
    deps.raise('late-first-byte', { attempt: attemptIdOf(text), account: text.a, lateMs })
  }
  const error =
    handOver.outcome === 'refused' ? { code: handOver.code, httpStatus: handOver.httpStatus } : null
  const providerId = handOver.outcome === 'accepted' ? handOver.providerId : null
  const recorded = results.add({ text, hasIntent, settlement, basis, providerId, error })
  return { end: 'settled', settlement, handOver, recorded }
}

function basisOf(handOver: HandOver): HandOverBasis | null {
  return 'basis' in handOver ? handOver.basis : null
}

/** A result is not forgotten while the process lives: recording repeats until it stands. */
function resultRecorder(deps: HandOffDeps): Batcher<TextResult, void> {
  return batcher<TextResult, void>({
    itemsMax: 500,
    batchesMax: 1,
    timers: deps.timers,
    run: async (results) => {
      await untilItWorks(() => deps.texts.record(results, deps.serverClock.now()), {
        backoff: { firstMs: 20, maxMs: 2_000 },
        signal: deps.givingUp,
        timers: deps.timers,
        random: deps.random,
        onFailure: (err) => deps.log.warn({ err, results: results.length }, 'results wait to be recorded'),
      })
      return results.map(() => undefined)
    },
  })
}
