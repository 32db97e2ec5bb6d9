import type { deliveryReported, EventOf } from '@heed/events'
import type { Bus } from '@heed/nats'
import type { HttpApp } from '@heed/service'
import { complianceOver } from '../../apps/inbound-sms/src/clients/compliance.ts'
import { late } from '../../apps/inbound-sms/src/late.ts'
import { startLoops } from '../../apps/inbound-sms/src/loops.ts'
import type { InboundMetrics } from '../../apps/inbound-sms/src/metrics.ts'
import { webhookRoutes } from '../../apps/inbound-sms/src/routes.ts'
import { arrivalStore } from '../../apps/inbound-sms/src/store/arrivals.ts'
import { journalOver } from '../../apps/inbound-sms/src/store/journal.ts'
import { keptMessageStore } from '../../apps/inbound-sms/src/store/kept-messages.ts'
import { openOwners } from '../../apps/inbound-sms/src/store/owners.ts'
import { pollStore } from '../../apps/inbound-sms/src/store/polls.ts'
import { composeUseCases, type UseCases } from '../../apps/inbound-sms/src/use-cases/compose.ts'
import type { Machine } from '../world/machine.ts'
import { noMetrics, quietLog } from '../world/quiet.ts'
import type { World } from '../world/world.ts'
import { type Answered, doorOf, type Request } from './door.ts'
import { complianceCalls } from './inbound-calls.ts'
import { type JournalDisk, journalDisk } from './journal-disk.ts'
import { carrierAccount, carrierToken, publicUrl } from './phone-network.ts'

const databaseName = 'inbound-sms'
const reconcileEveryMs = 3_000

export interface InboundProcess {
  readonly machine: Machine
  readonly disk: JournalDisk
  /** Null while the process is starting. */
  useCases: UseCases | null
  /** What it answers to a webhook; rejects while nobody listens. */
  webhook(request: Request): Promise<Answered>
  start(): void
}

/** One instance of inbound-sms: its production code from the carrier's door to the journal. */
export function inboundProcess(world: World, machine: Machine): InboundProcess {
  const disk = journalDisk(world, machine)
  let door: ((request: Request) => Promise<Answered>) | null = null
  const self: InboundProcess = {
    machine,
    disk,
    useCases: null,
    start,
    async webhook(request) {
      if (door === null) throw new Error('connection refused')
      return door(request)
    },
  }

  function start(): void {
    machine.start()
    self.useCases = null
    door = null
    void open()
  }

  async function open(): Promise<void> {
    const { random, history, bus } = world
    const timers = machine.timers()
    const log = quietLog((message) => history.alarms.push(`${machine.name}: ${message}`))
    const raise = () => {}
    const metrics = noMetrics as InboundMetrics
    const around = { clock: machine.clock, timers, random: random.next, log, metrics, raise }
    const journal = journalOver(disk.writer())
    const owners = await openOwners(journal, raise, timers)
    const db = world.connect(machine, 'ordinary').db(databaseName)
    const stores = late(
      'MongoDB',
      async () => ({
        arrivals: arrivalStore(db, timers),
        kept: keptMessageStore(db),
        polls: pollStore(db),
        ping: async () => {},
        async [Symbol.asyncDispose]() {},
      }),
      log,
    )
    const receipts = {
      isConnected: () => bus.isUp,
      publish: (
        _contract: typeof deliveryReported,
        _account: string,
        event: EventOf<typeof deliveryReported>,
      ) => bus.report(machine, event),
    } as unknown as Bus
    const useCases = composeUseCases({
      ...around,
      config: { TWILIO_ACCOUNT_SID: carrierAccount, RECONCILE_EVERY_MS: reconcileEveryMs },
      journal,
      owners,
      compliance: complianceOver(complianceCalls(world, machine)),
      carrier: world.phones.apiFor(machine),
      stores: () => stores.get(),
      bus: receipts,
      hint: (_account, event) => bus.hint(event),
    })
    self.useCases = useCases
    startLoops({ ...around, useCases, stores, bus: receipts, reconcileEveryMs })
    const routes = webhookRoutes({
      ...around,
      ...useCases,
      publicUrl,
      accountSid: carrierAccount,
      authToken: carrierToken,
    })
    door = doorOf(routes as (app: HttpApp) => void)
  }
  return self
}
