import { randomUUID } from 'node:crypto'
import { createMetrics, openAlarms, systemClock, systemTimers } from '@heed/service'
import { testLog } from '@heed/testkit'
import { readServerTime, serverClock } from '../src/dispatch/server-clock.ts'
import {
  type Carrier,
  type DispatcherDeps,
  type LaneId,
  numberPacers,
  startDispatcher,
  twilioCarrier,
} from '../src/index.ts'
import { testAuthority } from './authority.ts'
import { type Answer, accepted, carrierServer } from './carrier-server.ts'
import { type TestStores, testStores } from './stores.ts'

export interface Arrival {
  readonly to: string
  readonly at: number
}

/** A carrier that answers at once unless told otherwise, a database, an authority; senders as many as wanted. */
export async function testSystem(options: { answer?: Answer; answerWithinMs?: number } = {}) {
  const opened = new AsyncDisposableStack()
  const stores = opened.use(await testStores())
  const authority = testAuthority()
  const arrivals: Arrival[] = []
  const server = opened.use(
    await carrierServer({
      tls: false,
      answer: (request, connection) => {
        const to = new URLSearchParams(request.slice(request.indexOf('\r\n\r\n') + 4)).get('To') ?? ''
        arrivals.push({ to, at: performance.now() })
        return options.answer ? options.answer(request, connection) : accepted()
      },
    }),
  )
  const startSender = async (
    more: Partial<DispatcherDeps> = {},
    wrap: (carrier: Carrier) => Carrier = (one) => one,
  ) => {
    const sender = opened.use(new AsyncDisposableStack())
    const carrier = sender.use(
      twilioCarrier({
        baseUrl: server.url,
        accountSid: `AC${'0'.repeat(32)}`,
        authToken: 'secret',
        publicUrl: 'http://127.0.0.1:1',
        connectionsMax: 100,
        answerWithinMs: options.answerWithinMs ?? 5_000,
      }),
    )
    const { gate, asker } = authority.sender()
    sender.use(asker)
    const time = serverClock(systemClock)
    await readServerTime(stores.db, time)
    const log = testLog()
    const dispatcher = sender.use(
      startDispatcher({
        ...stores,
        pacers: numberPacers(stores.db),
        gate,
        asker,
        carrier: wrap(carrier),
        clock: systemClock,
        serverClock: time,
        timers: systemTimers,
        random: Math.random,
        newId: randomUUID,
        log,
        metrics: createMetrics({ withProcess: false }),
        raise: openAlarms({ log }),
        ...more,
      }),
    )
    return { dispatcher, gate, log, stop: () => sender.disposeAsync() }
  }
  return {
    ...stores,
    stores,
    authority,
    arrivals,
    server,
    startSender,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

export const rowsOf = (stores: TestStores, lane: LaneId) => stores.texts.page(lane, null, 10_000)
export const isOver = async (stores: TestStores, lane: LaneId) => !(await stores.texts.hasWaiting(lane))
export const twice = (arrivals: readonly Arrival[]) =>
  arrivals.length - new Set(arrivals.map(({ to }) => to)).size
