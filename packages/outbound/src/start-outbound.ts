import { randomUUID } from 'node:crypto'
import {
  checkCallsMax,
  systemClock as clearanceClock,
  createAsker,
  createGate,
  type Gate,
  systemScheduler,
} from '@heed/clearance'
import { consentChanged, consentProvisional } from '@heed/events'
import type { Collection, Db, IndexDescription } from '@heed/mongo'
import type { Bus } from '@heed/nats'
import type { Origin } from '@heed/phone'
import {
  type Clock,
  type Logger,
  openAlarms,
  type RaiseAlarm,
  type Registry,
  systemClock,
  systemTimers,
  watchQueues,
} from '@heed/service'
import { watchAuthority } from './authority-watch.ts'
import type { Carrier } from './carrier/carrier.ts'
import { startClearanceAudit } from './clearance-audit.ts'
import type { ComplianceCalls } from './compliance-calls.ts'
import { type ConsentSweepDeps, startConsentSweep } from './consent-sweep.ts'
import { defaultDispatchLimits, startDispatcher } from './dispatch/dispatcher.ts'
import type { DispatcherDeps, DispatchLimits } from './dispatch/dispatcher-deps.ts'
import { serverClock as openServerClock, readServerTime } from './dispatch/server-clock.ts'
import { eventsHeard } from './events-heard.ts'
import { reportClock, watchGate } from './gate-watch.ts'
import { judgeTexts } from './judge-texts.ts'
import { startReceipts } from './receipts.ts'
import { startRefusals } from './refusals.ts'
import { sendingSettings } from './sending-settings.ts'
import { type LaneDocument, type LaneStore, openLaneStore } from './store/lane-store.ts'
import { numberPacers } from './store/number-pacers.ts'
import type { LaneId } from './store/text-claims.ts'
import { openTextStore, type TextStore } from './store/text-store.ts'
import { startSweeps } from './sweeps.ts'

export interface OutboundOptions<Lane extends LaneDocument>
  extends Pick<DispatcherDeps, 'judge' | 'onSettled' | 'stopping'>,
    Pick<ConsentSweepDeps, 'elsewhere'> {
  /** Names durables and the work queue: `campaign`. */
  readonly app: string
  readonly origin: Origin
  /** The app's own database; texts are kept in its collection `texts`. */
  readonly db: Db
  /** Where the app keeps its lanes: its broadcasts, its sequences. */
  readonly lanes: Collection<Lane>
  readonly textIndexes?: readonly IndexDescription[]
  readonly bus: Bus
  readonly carrier: Carrier
  /** Calls compliance, with a sender's token. */
  readonly compliance: ComplianceCalls
  /** Whether an attempt id, which begins with a text's id, can be this app's. */
  readonly isOwnAttempt: (attemptId: string) => boolean
  /** A lane may have come to its end: no text of it is in this process's hands. Ask `texts.hasWaiting`. */
  readonly onLaneIdle: (lane: LaneId) => void
  readonly log: Logger
  readonly metrics: Registry
  readonly limits?: Partial<DispatchLimits>
  readonly clock?: Clock
}

export interface Outbound extends AsyncDisposable {
  readonly texts: TextStore
  readonly lanes: LaneStore
  /** The database server's time. */
  readonly now: () => Date
  /** Texts of the lane are due at once: says so durably, and wakes a worker. */
  wake(lane: LaneId): Promise<void>
  readonly inFlight: () => number
}

/** Everything that carries an app's texts to the carrier, from the rows to the receipts. */
export async function startOutbound<Lane extends LaneDocument>(
  options: OutboundOptions<Lane>,
): Promise<Outbound> {
  await using opening = new AsyncDisposableStack()
  const { app, db, bus, log, metrics, compliance, origin } = options
  const clock = options.clock ?? systemClock
  const serverClock = openServerClock(clock)
  await readServerTime(db, serverClock)
  const texts = await openTextStore(db, options.textIndexes)
  const lanes = await openLaneStore(options.lanes)
  const raise = openAlarms({ log, metrics, clock })
  await reportClock(log, raise)
  const { gate, asker } = opening.use(openGate(options, { raise, clock }))

  const refusals = opening.use(startRefusals({ texts, tell: compliance.tellRefusal, log }))
  const shared = { app, bus, texts, serverClock, log }
  const settings = sendingSettings({ load: compliance.settings, monoMs: clock.monoMs })
  const chance = { timers: systemTimers, random: Math.random }
  const audit = opening.use(startClearanceAudit({ audit: compliance.audit, raise, metrics, log, ...chance }))
  const dispatcher = opening.use(
    startDispatcher({
      ...options,
      ...shared,
      lanes,
      pacers: numberPacers(db),
      gate,
      asker,
      clock,
      ...chance,
      newId: randomUUID,
      metrics,
      raise,
      numberLimit: async (a, from) =>
        (await settings(a)).numberLimits.find(({ number }) => number === from)?.segmentsPerSecond ?? null,
      judge: judgeTexts({
        settings,
        takeCaps: compliance.takeCaps,
        now: () => serverClock.now(),
        ...(options.judge ? { own: options.judge } : {}),
      }),
      onRefusal: () => refusals.wake(),
      onHandedOver: audit.sample,
    }),
  )
  const { leaseMs } = { ...defaultDispatchLimits, ...options.limits }
  opening.use(startSweeps({ ...shared, db, lanes, leaseMs, onLane: options.onLaneIdle }))
  opening.use(startReceipts({ ...shared, ...options, onRefusal: () => refusals.wake() }))
  opening.use(startConsentSweep({ ...options, ...shared, timers: systemTimers, gate, asker, origin }))
  const queue = bus.workQueue({ stream: `${app.toUpperCase()}_WORK`, subject: `${app}.work` })
  opening.use(
    queue.consume({ durable: `${app}_work`, concurrency: 8 }, () => {
      dispatcher.wake()
      return 'ack'
    }),
  )
  const open = opening.move()
  return {
    texts,
    lanes,
    now: () => serverClock.now(),
    async wake(lane) {
      await lanes.schedule(lane, new Date(0))
      dispatcher.wake()
      await queue.wake(lane.lane).catch((err: unknown) => {
        log.warn({ err, lane: lane.lane }, 'no other copy was woken; sweeps will find the work')
      })
    },
    inFlight: dispatcher.inFlight,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

/** The process's gate, told of consent events and hints, and what asks for its verdicts. */
function openGate<Lane extends LaneDocument>(
  { bus, log, metrics, compliance }: OutboundOptions<Lane>,
  { raise, clock }: { raise: RaiseAlarm; clock: Clock },
) {
  const opened = new AsyncDisposableStack()
  const gate: Gate = createGate({
    clock: clearanceClock(),
    hooks: watchGate({ metrics, raise, size: () => gate.size() }),
  })
  const heard = eventsHeard(metrics)
  opened.use(
    bus.subscribe(consentChanged, '*', (event, delivery) => {
      gate.onEvent(event)
      heard(event.at, delivery)
    }),
  )
  opened.use(bus.subscribe(consentProvisional, '*', (hint) => gate.onHint(hint)))
  const authority = watchAuthority({ log, raise, monoMs: clock.monoMs })
  const asker = opened.use(
    createAsker({
      gate,
      check: authority.watched(compliance.check),
      scheduler: systemScheduler(),
      random: Math.random,
      onCallFailed: authority.failed,
    }),
  )
  watchQueues(metrics, {
    'asker-numbers': { depth: () => asker.depth().numbers },
    'asker-calls': { depth: () => asker.depth().calls, max: checkCallsMax },
  })
  return { gate, asker, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}
