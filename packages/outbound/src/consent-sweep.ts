import type { Asker, Gate } from '@heed/clearance'
import { consentChanged, type EventOf } from '@heed/events'
import type { Bus, Consuming, Verdict } from '@heed/nats'
import type { AccountId, Origin, PhoneNumber } from '@heed/phone'
import { batcher, type Timers } from '@heed/service'
import type { ServerClock } from './dispatch/server-clock.ts'
import { verdictAtHand } from './dispatch/verdict-at-hand.ts'
import { blockReasons, type TextReason } from './domain/text-reason.ts'
import type { LaneId } from './store/text-claims.ts'
import type { TextStore } from './store/text-store.ts'

export interface ConsentSweepDeps {
  readonly app: string
  readonly bus: Pick<Bus, 'consume'>
  readonly texts: Pick<TextStore, 'suppressNumber' | 'waitingAmong' | 'attribute'>
  readonly gate: Pick<Gate, 'pass' | 'onEvent'>
  readonly asker: Pick<Asker, 'prepare'>
  readonly origin: Origin
  readonly serverClock: ServerClock
  readonly onLaneIdle: (lane: LaneId) => void
  readonly timers: Pick<Timers, 'soon'>
  /** What else than texts waits for numbers in this app. */
  readonly elsewhere?: Elsewhere
}

export interface Elsewhere {
  /** Those of the numbers that something waits for. */
  waitingAmong(a: AccountId, numbers: readonly PhoneNumber[]): Promise<ReadonlySet<PhoneNumber>>
  /** The authority says that a block binds this number now: what waits for it must end. */
  end(a: AccountId, number: PhoneNumber, reasons: readonly TextReason[]): Promise<void>
}

const askAgainInMs = 300
const concurrency = 256

/**
 * Ends what waits for a number soon after it was blocked. The event only says where to look: texts end by what
 * the authority answers, and a block that was lifted meanwhile ends nothing.
 */
export function startConsentSweep(deps: ConsentSweepDeps): Consuming {
  const looks = batcher<Blocked, boolean>({
    itemsMax: concurrency,
    batchesMax: 1,
    timers: deps.timers,
    run: (blocked) => whichWait(deps, blocked),
  })
  return deps.bus.consume(consentChanged, { durable: `${deps.app}_consent`, concurrency }, async (event) => {
    if (event.op !== 'block') return 'ack'
    const isConcerned = await looks.add({ a: event.account, number: event.number })
    const verdict = isConcerned ? await sweep(deps, event) : 'ack'
    if (verdict === 'ack') await attribute(deps, event)
    return verdict
  })
}

/** A person's own words, to one of the business numbers, answer the last text from it. */
async function attribute(
  { texts }: Pick<ConsentSweepDeps, 'texts'>,
  { account: a, number, list, businessNumber: to, at, epoch, rev }: EventOf<typeof consentChanged>,
): Promise<void> {
  if (list === 'own' && to) await texts.attribute({ a, number, to, at: new Date(at), epoch, rev })
}

type Blocked = { readonly a: AccountId; readonly number: PhoneNumber }

/** Most opt-outs concern nobody here, so they are looked up together. */
async function whichWait(
  { texts, elsewhere }: ConsentSweepDeps,
  blocked: readonly Blocked[],
): Promise<boolean[]> {
  const accounts = Map.groupBy(blocked, ({ a }) => a)
  const waiting = new Map<AccountId, ReadonlySet<PhoneNumber>[]>()
  for (const [a, those] of accounts) {
    const numbers = those.map(({ number }) => number)
    const sets = [
      texts.waitingAmong(a, numbers),
      elsewhere?.waitingAmong(a, numbers) ?? new Set<PhoneNumber>(),
    ]
    waiting.set(a, await Promise.all(sets))
  }
  return blocked.map(({ a, number }) => waiting.get(a)?.some((numbers) => numbers.has(number)) ?? false)
}

async function sweep(deps: ConsentSweepDeps, event: EventOf<typeof consentChanged>): Promise<Verdict> {
  const { account: a, number } = event
  // This may be read before the gate has heard of the event, whose verdict would then still be the old one.
  deps.gate.onEvent(event)
  await deps.asker.prepare(a, [number])
  const verdict = verdictAtHand(deps.gate, { accountId: a, number, origin: deps.origin })
  if (verdict === 'allowed') return 'ack'
  if (verdict.outcome === 'hold') return { retryInMs: askAgainInMs }
  const reasons = blockReasons(verdict.reasons)
  const lanes = await deps.texts.suppressNumber(a, number, reasons, deps.serverClock.now())
  await deps.elsewhere?.end(a, number, reasons)
  for (const lane of lanes) deps.onLaneIdle(lane)
  return 'ack'
}
