import type { PhoneNumber } from '@heed/phone'
import type { UseCases } from '../../apps/compliance/src/use-cases/use-cases.ts'
import type { HeadAtEnd } from '../checker/ledger-truth.ts'
import { connect, type DatabaseWorld, type Meddle, type Purpose, type View } from '../database/client.ts'
import { replicaSet } from '../database/replica-set.ts'
import { server } from '../database/server.ts'
import { wire } from '../database/wire.ts'
import type { ComplianceProcess } from '../processes/compliance.ts'
import type { InboundProcess } from '../processes/inbound-sms.ts'
import { type PhoneNetwork, phoneNetwork } from '../processes/phone-network.ts'
import { makePlan, type Plan } from '../scenario/plan.ts'
import { type Agenda, agenda as newAgenda } from './agenda.ts'
import { type SimulatedBus, simulatedBus } from './bus.ts'
import { emptyHistory, type History } from './history.ts'
import { type Machine, machine as newMachine } from './machine.ts'
import { type Network, network as newNetwork } from './network.ts'
import { type Random, seededRandom } from './random.ts'

export interface World {
  readonly plan: Plan
  readonly agenda: Agenda
  readonly random: Random
  readonly history: History
  readonly network: Network
  readonly bus: SimulatedBus
  readonly database: DatabaseWorld
  readonly views: Map<Machine, View>
  readonly instances: ComplianceProcess[]
  readonly inbounds: InboundProcess[]
  readonly phones: PhoneNetwork
  machine(name: string): Machine
  connect(machine: Machine, purpose: Purpose): ReturnType<typeof connect>
  /** Asks one of the instances, as a load balancer would choose it. */
  askCompliance<Answer>(from: Machine, ask: (useCases: UseCases) => Promise<Answer>): Promise<Answer>
  /** Whose business number it is. */
  ownerOf(businessNumber: string): string | null
  /** Whether much is going on, and senders try often. */
  isBusy(): boolean
  note(text: string): void
}

/** A world in which nothing runs yet, all of it from one seed. */
export function newWorld(seed: number, change: (plan: Plan) => Plan = (plan) => plan): World {
  const random = seededRandom(seed)
  const plan = change(makePlan(seed, random))
  const agenda = newAgenda()
  const history = emptyHistory()
  const network = newNetwork(agenda, random, plan.slowCalls)
  const bus = simulatedBus({ agenda, random, history, plan })
  bus.isUp = plan.hasBus
  if (!plan.hasBus) history.disturbed.push({ who: 'NATS', from: 0, to: Number.POSITIVE_INFINITY })
  const set = replicaSet({
    agenda,
    random,
    toldMs: plan.commitToldMs,
    watch: {
      applied: ({ collection, id, doc, term }) => {
        if (collection === 'inbound-sms.kept' && doc === null)
          history.left.push({ at: agenda.now, source: id, where: 'the durable list' })
        if (collection !== 'compliance.heads' || doc === null) return
        const { a, epoch, rev, folded, published, recent } = doc as unknown as HeadAtEnd
        history.headWrites.push({
          at: agenda.now,
          term,
          account: a,
          epoch,
          rev,
          folded,
          published,
          waiting: recent.length,
        })
      },
    },
  })
  const views = new Map<Machine, View>()
  const nothing: Meddle = () => undefined
  const database: DatabaseWorld = {
    agenda,
    set,
    server: server({ set, agenda, random }),
    random,
    slowShare: plan.slowHops,
    wire: wire(history),
    isReached: (machine, member) => network.isLinked(machine.name, `db${member}`),
    meddle: nothing,
  }
  const instances: ComplianceProcess[] = []
  const inbounds: InboundProcess[] = []
  const world: World = {
    plan,
    agenda,
    random,
    history,
    network,
    bus,
    database,
    views,
    instances,
    inbounds,
    get phones() {
      return phones
    },
    machine(name) {
      const rate = 1 + random.pick([-1, 1, random.between(-1, 1)]) * plan.driftMax
      const made = newMachine({ name, agenda, random, rate })
      views.set(made, { primary: 0, term: 1 })
      return made
    },
    connect: (machine, purpose) => connect(database, machine, views.get(machine) as View, purpose),
    askCompliance(from, ask) {
      const instance = random.pick(instances)
      return network.call(from, instance.machine, async () => {
        if (instance.useCases === null) throw new Error('connection refused')
        return ask(instance.useCases)
      })
    },
    ownerOf(businessNumber) {
      const at = plan.businessNumbers.indexOf(businessNumber as PhoneNumber)
      if (at >= 0) return plan.accounts[at] ?? null
      return plan.lateNumber?.number === businessNumber ? (plan.accounts[0] ?? null) : null
    },
    isBusy: () => plan.episodes.some(({ from, to }) => agenda.now >= from - 300 && agenda.now <= to + 700),
    note: (text) => void history.notes.push({ at: agenda.now, text }),
  }
  const phones = phoneNetwork(world, world.machine('carrier'))
  set.elect(set.members)
  return world
}
