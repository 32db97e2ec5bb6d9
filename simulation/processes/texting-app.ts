import {
  closedLane,
  type LaneDocument,
  type NewText,
  numberPacers,
  openLaneStore,
  openTextStore,
  readServerTime,
  serverClock,
  startDispatcher,
} from '@heed/outbound'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { createMetrics, untilItWorks } from '@heed/service'
import { startSweeps } from '../../packages/outbound/src/sweeps.ts'
import type { Act } from '../scenario/plan.ts'
import type { Machine } from '../world/machine.ts'
import { quietLog } from '../world/quiet.ts'
import type { World } from '../world/world.ts'
import { simulatedCarrier } from './carrier.ts'
import { openGate } from './gate.ts'

const databaseName = 'campaign'
const leaseMs = 2_500

/** One copy of an app that texts: production's dispatcher over rows that all copies share. */
export function textingApp(world: World, machine: Machine) {
  const { random, history, plan } = world
  const self: { machine: Machine; start(): void; add(act: Extract<Act, { kind: 'texts' }>): void } = {
    machine,
    start,
    add: () => {},
  }

  function start(): void {
    machine.start()
    self.add = () => {}
    void open().catch((error: unknown) => history.alarms.push(`${machine.name} did not start: ${error}`))
  }

  async function open(): Promise<void> {
    const timers = machine.timers()
    const db = world.connect(machine, 'ordinary').db(databaseName)
    const log = quietLog((message) => history.alarms.push(message))
    const clock = serverClock(machine.clock)
    const steady = { backoff: { firstMs: 30, maxMs: 400 }, timers, random: random.next }
    await untilItWorks(() => readServerTime(db, clock), steady)
    const texts = await openTextStore(db)
    const broadcasts = db.collection<LaneDocument>('broadcasts')
    const lanes = await openLaneStore(broadcasts)
    const shared = {
      texts,
      lanes,
      serverClock: clock,
      log,
      clock: machine.clock,
      timers,
      random: random.next,
    }
    const dispatcher = startDispatcher({
      ...shared,
      ...openGate(world, machine),
      pacers: numberPacers(db),
      carrier: simulatedCarrier(world, machine),
      raise: () => {},
      newId: () => random.hex(8),
      metrics: createMetrics({ withProcess: false }),
      limits: { leaseMs, retry: { attemptsMax: 6, firstMs: 100, maxMs: 500 } },
    })
    startSweeps({ ...shared, db, leaseMs, onLane: () => {} })
    self.add = (act) => {
      const account = plan.accounts[act.account] as AccountId
      const lane = `bc-${act.account}`
      const fields = { ...closedLane(plan.ratePerSecond), open: true }
      const made = newTexts(act, account, lane)
      for (const { id, number } of made) history.texts.push({ id, account, number })
      const keep = async () => {
        await broadcasts.updateOne(
          { _id: lane, a: account },
          { $setOnInsert: { lane: fields } },
          { upsert: true },
        )
        await texts.insert(account, made, clock.now())
        await lanes.schedule({ a: account, lane }, new Date(0))
      }
      // Whoever asked for them asks again; here it is the copy itself, while it lives.
      void untilItWorks(keep, steady).then(
        () => {
          for (const { id } of made) history.keptTexts.add(id)
          dispatcher.wake()
        },
        () => {},
      )
    }
  }

  function newTexts(act: Extract<Act, { kind: 'texts' }>, account: AccountId, lane: string): NewText[] {
    return Array.from({ length: act.count }, (_, index) => ({
      id: `bc_${act.id}_${index}`,
      lane,
      owner: lane,
      number: random.pick(plan.numbers) as PhoneNumber,
      from: plan.businessNumbers[plan.accounts.indexOf(account)] as PhoneNumber,
      origin: 'broadcast' as const,
      text: 'hello',
      segments: 1,
    }))
  }
  return self
}
