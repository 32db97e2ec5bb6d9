import type { Asker, Gate } from '@heed/clearance'
import { consentChanged, type EventOf } from '@heed/events'
import type { Bus, Consuming, Verdict } from '@heed/nats'
import type { AccountId, Origin, PhoneNumber } from '@heed/phone'
import type { ServerClock } from './dispatch/server-clock.ts'
import { verdictAtHand } from './dispatch/verdict-at-hand.ts'
import { blockReasons, type TextReason } from './domain/text-reason.ts'
import type { LaneId } from './store/text-claims.ts'
import type { TextStore } from './store/text-store.ts'

export interface ConsentSweepDeps {
  readonly app: string
  readonly bus: Pick<Bus, 'consume'>
  readonly texts: Pick<TextStore, 'suppressNumber' | 'hasWaitingFor'>
  readonly gate: Pick<Gate, 'pass' | 'onEvent'>
  readonly asker: Pick<Asker, 'prepare'>
  readonly origin: Origin
  readonly serverClock: ServerClock
  readonly onLaneIdle: (lane: LaneId) => void
  /** The authority says that a block binds this number now: whatever else waits for it must end, too. */
  readonly onBlocked?: (a: AccountId, number: PhoneNumber, reasons: readonly TextReason[]) => Promise<void>
}

const askAgainInMs = 300

/**
 * Ends what waits for a number soon after it was blocked. The event only says where to look: texts end by what
 * the authority answers, and a block that was lifted meanwhile ends nothing.
 */
export function startConsentSweep(deps: ConsentSweepDeps): Consuming {
  return deps.bus.consume(consentChanged, { durable: `${deps.app}_consent`, concurrency: 32 }, (event) =>
    sweep(deps, event),
  )
}

async function sweep(deps: ConsentSweepDeps, event: EventOf<typeof consentChanged>): Promise<Verdict> {
  const { account: a, number, op } = event
  if (op !== 'block') return 'ack'
  const isConcerned = deps.onBlocked !== undefined || (await deps.texts.hasWaitingFor(a, number))
  if (!isConcerned) return 'ack'
  // This may be read before the gate has heard of the event, whose verdict would then still be the old one.
  deps.gate.onEvent(event)
  await deps.asker.prepare(a, [number])
  const verdict = verdictAtHand(deps.gate, { accountId: a, number, origin: deps.origin })
  if (verdict === 'allowed') return 'ack'
  if (verdict.outcome === 'hold') return { retryInMs: askAgainInMs }
  const reasons = blockReasons(verdict.reasons)
  const lanes = await deps.texts.suppressNumber(a, number, reasons, deps.serverClock.now())
  await deps.onBlocked?.(a, number, reasons)
  for (const lane of lanes) deps.onLaneIdle(lane)
  return 'ack'
}
