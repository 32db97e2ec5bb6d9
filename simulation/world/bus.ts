import type { consentChanged, consentProvisional, deliveryReported, EventOf } from '@heed/events'
import type { Plan } from '../scenario/plan.ts'
import type { Agenda } from './agenda.ts'
import type { History } from './history.ts'
import type { Machine } from './machine.ts'
import type { Random } from './random.ts'

export type ConsentEvent = EventOf<typeof consentChanged>
export type Receipt = EventOf<typeof deliveryReported>
export type HintEvent = EventOf<typeof consentProvisional>

interface Subscriber {
  readonly machine: Machine
  readonly onEvent: (event: ConsentEvent) => void
  readonly onHint: (hint: HintEvent) => void
}

/** NATS as senders see it: at most once, in any order, sometimes twice, and for whole seeds not at all. */
export interface SimulatedBus {
  isUp: boolean
  lossShare: number
  doubleShare: number
  slowShare: number
  subscribe(subscriber: Subscriber): void
  /** Resolves with the server's acknowledgement; what subscribers get does not depend on it. */
  publish(from: Machine, event: ConsentEvent): Promise<void>
  hint(hint: HintEvent): boolean
  /** A receipt, stored for whoever consumes them. */
  report(from: Machine, receipt: Receipt): Promise<void>
  readonly published: ConsentEvent[]
}

const ackTimeoutMs = 1_000

export function simulatedBus(world: {
  agenda: Agenda
  random: Random
  history: History
  plan: Plan
}): SimulatedBus {
  const { agenda, random, history, plan } = world
  const subscribers: Subscriber[] = []
  const deliver = (to: (subscriber: Subscriber) => void) => {
    for (const subscriber of subscribers) {
      if (!subscriber.machine.isUp || random.chance(self.lossShare)) continue
      const copies = random.chance(self.doubleShare) ? 2 : 1
      for (let copy = 0; copy < copies; copy++) {
        const tripMs = random.chance(self.slowShare) ? random.between(10, 900) : random.between(0.1, 0.8)
        agenda.at(
          agenda.now + tripMs,
          subscriber.machine.bind(() => to(subscriber)),
        )
      }
    }
  }
  /** Resolves with the server's acknowledgement, which may be lost though it has stored the message. */
  const stored = (from: Machine, store: () => void) =>
    new Promise<void>((resolve, reject) => {
      const fail = from.bind(() => reject(new Error('no acknowledgement')))
      const isLost = agenda.now < plan.healAt && random.chance(plan.publishLoss)
      if (!self.isUp || isLost) return void agenda.at(agenda.now + random.between(1, ackTimeoutMs), fail)
      store()
      if (random.chance(self.lossShare / 4)) agenda.at(agenda.now + ackTimeoutMs, fail)
      else agenda.at(agenda.now + random.between(0.2, 0.9), from.bind(resolve))
    })
  const self: SimulatedBus = {
    isUp: true,
    lossShare: 0,
    doubleShare: 0.02,
    slowShare: 0.02,
    published: [],
    subscribe(subscriber) {
      const stale = subscribers.findIndex(({ machine }) => machine === subscriber.machine)
      if (stale >= 0) subscribers.splice(stale, 1)
      subscribers.push(subscriber)
    },
    publish: (from, event) =>
      stored(from, () => {
        self.published.push(event)
        deliver(({ onEvent }) => onEvent(event))
      }),
    report: (from, receipt) => stored(from, () => void receipt),
    hint(hint) {
      if (!self.isUp) return false
      history.hinted.push({ ...hint, at: agenda.now })
      deliver(({ onHint }) => onHint(hint))
      return true
    },
  }
  return self
}
