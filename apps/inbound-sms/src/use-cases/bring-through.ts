import { backoffMs, type Clock, type Logger, pause, type RaiseAlarm, type Timers } from '@heed/service'
import { succeedsWithin, within } from '../deadline.ts'
import type { InboundMessage } from '../domain/inbound-message.ts'
import type { InboundMetrics } from '../metrics.ts'
import type { ArrivalStore } from '../store/arrivals.ts'
import type { Journal } from '../store/journal.ts'
import { CarrierSilentError } from './record-opt-in.ts'
import type { Settled } from './settle-message.ts'

/** Success waits for the journal, but not for a disk that hangs. */
const journalWithinMs = 400
/** How long a live message is tried again and again; after that the journal's turn comes. */
const tryForMs = 900
const storeWithinMs = 2_000
const warnEveryMs = 10_000

export type Outcome =
  | { readonly state: 'settled'; readonly settled: Settled }
  /** `carrier`: it waits for the carrier alone, so nothing is wrong with compliance. */
  | { readonly state: 'waiting'; readonly for: 'compliance' | 'carrier' }

export interface StepDeps {
  readonly journal: Pick<Journal, 'append' | 'move' | 'remove'>
  readonly settle: (message: InboundMessage) => Promise<Settled>
  readonly arrivals: () => Pick<ArrivalStore, 'store'>
  readonly metrics: Pick<InboundMetrics, 'messages' | 'journalFailures'>
  readonly raise: RaiseAlarm
  readonly clock: Clock
  readonly timers: Timers
  readonly random: () => number
  readonly log: Logger
}

/** What is done with one message, step by step; each step may be repeated. None rejects. */
export function messageSteps({ clock, timers, log, ...deps }: StepDeps) {
  let warnedAt = Number.NEGATIVE_INFINITY
  const tell = (message: InboundMessage, error: unknown) => {
    const fields = { err: error, message: message.id }
    if (clock.monoMs() - warnedAt < warnEveryMs) return log.debug(fields, 'a text waits')
    warnedAt = clock.monoMs()
    log.warn(fields, 'texts cannot be settled and wait in the journal')
  }
  return {
    /** Returns when it is durable, failed, or took too long; `onDurable` is called whenever it is. */
    async journal(message: InboundMessage, onDurable: () => void): Promise<void> {
      const entry = { id: message.id, lane: 'commit', at: clock.now() } as const
      const written = deps.journal
        .append({ ...entry, body: { kind: 'message', message } })
        .then(onDurable)
        .catch((error: unknown) => {
          deps.metrics.journalFailures.inc()
          deps.raise('journal-unusable', { err: error, message: message.id })
        })
      await within(written, journalWithinMs, timers)
    },

    async settle(message: InboundMessage, tries: 'once' | 'a-while'): Promise<Outcome> {
      const until = clock.monoMs() + tryForMs
      for (let failures = 0; ; failures++) {
        try {
          const settled = await deps.settle(message)
          const { intent, outcome } = settled
          deps.metrics.messages.inc({ intent, outcome, via: message.via })
          return { state: 'settled', settled }
        } catch (error) {
          const restMs = backoffMs(failures, { firstMs: 30, maxMs: 250 }, deps.random)
          if (tries === 'a-while' && clock.monoMs() + restMs < until) {
            await pause(restMs, undefined, timers)
            continue
          }
          tell(message, error)
          return { state: 'waiting', for: error instanceof CarrierSilentError ? 'carrier' : 'compliance' }
        }
      }
    },

    /** Stores what became of it, or leaves that to the journal. */
    async leaveJournal(message: InboundMessage, { reply: _, ...settlement }: Settled): Promise<void> {
      const storing = (async () => deps.arrivals().store(message, settlement))()
      const left = (await succeedsWithin(storing, storeWithinMs, timers))
        ? deps.journal.remove(message.id)
        : deps.journal.move(message.id, 'store', { kind: 'message', message, settlement })
      // Where this fails it stays as it was, and settling it again changes nothing.
      await left.catch(() => {})
    },
  }
}
