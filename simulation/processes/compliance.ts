import type { CheckInput, CheckOutput } from '@heed/clearance'
import type { Caller } from '@heed/rpc'
import { startLoop, untilItWorks } from '@heed/service'
import type { ComplianceMetrics } from '../../apps/compliance/src/metrics.ts'
import { accountStore } from '../../apps/compliance/src/store/accounts.ts'
import { nationalListStore } from '../../apps/compliance/src/store/national-lists.ts'
import { sendingsStore } from '../../apps/compliance/src/store/sendings.ts'
import { settingsStore } from '../../apps/compliance/src/store/settings.ts'
import { consentStores, prepareConsentStores } from '../../apps/compliance/src/store/stores.ts'
import { composeUseCases } from '../../apps/compliance/src/use-cases/compose.ts'
import { finishUnfinished } from '../../apps/compliance/src/use-cases/finish-unfinished.ts'
import type { UseCases } from '../../apps/compliance/src/use-cases/use-cases.ts'
import type { Machine } from '../world/machine.ts'
import { noMetrics, quietLog } from '../world/quiet.ts'
import type { World } from '../world/world.ts'

const databaseName = 'compliance'
const unfinishedEveryMs = 1_000

export interface ComplianceProcess {
  readonly machine: Machine
  /** Null while the process is starting. */
  useCases: UseCases | null
  start(): void
}

export const caller = (role: Caller['role']): Caller => ({
  keyId: 'simulated',
  role,
  actsForAll: true,
  mayActFor: () => true,
})

/** One instance of compliance: its production code, with this world's time, chance, transport and database. */
export function complianceProcess(world: World, machine: Machine): ComplianceProcess {
  const self: ComplianceProcess = { machine, useCases: null, start }

  function start(): void {
    machine.start()
    self.useCases = null
    const { random, history } = world
    const timers = machine.timers()
    const safety = world.connect(machine, 'safety')
    const ordinary = world.connect(machine, 'ordinary')
    const log = quietLog((message) => history.alarms.push(`${machine.name}: ${message}`))
    const stores = consentStores(safety.client, safety.db(databaseName))
    const { useCases, fold, relay } = composeUseCases({
      stores,
      accounts: accountStore(ordinary.db(databaseName)),
      settings: settingsStore(ordinary.db(databaseName)),
      sendings: sendingsStore(ordinary.db(databaseName)),
      nationalLists: nationalListStore(ordinary.db(databaseName)),
      publish: (event) => world.bus.publish(machine, event),
      headsPerRead: world.plan.headsPerRead,
      clock: machine.clock,
      random: random.next,
      randomHex: random.hex,
      wait: (ms) => new Promise((resolve) => timers.after(ms, resolve)),
      after: (ms, run) => void timers.after(ms, run),
      metrics: noMetrics as ComplianceMetrics,
      raise: (alarm) => void (alarm === 'fold-stopped' && history.alarms.push(`${machine.name}: ${alarm}`)),
      log,
    })
    const proven = untilItWorks(() => prepareConsentStores(stores), {
      backoff: { firstMs: 50, maxMs: 500 },
      timers,
      random: random.next,
    })
    void proven.then(() => {
      self.useCases = observed(world, useCases)
      startLoop({
        name: 'unfinished',
        everyMs: unfinishedEveryMs,
        log,
        timers,
        random: random.next,
        run: finishUnfinished({ heads: stores.heads, fold, relay }),
      })
    })
  }
  return self
}

/** Writes down what is asked and answered at the door. */
function observed(world: World, useCases: UseCases): UseCases {
  const { history, agenda } = world
  const { consent } = useCases
  return {
    ...useCases,
    async check(input: CheckInput): Promise<CheckOutput> {
      const arrivedAt = agenda.now
      const output = await useCases.check(input)
      input.asks.forEach(({ accountId, numbers }, index) => {
        const answer = output[index]
        if (answer)
          history.checks.push({ arrivedAt, answeredAt: agenda.now, account: accountId, numbers, answer })
      })
      return output
    },
    consent: {
      ...consent,
      async optOut(who, input) {
        const call = opened(world, 'opt-out', who, input, {
          list: input.list ?? 'own',
          numbers: input.numbers,
        })
        const output = await consent.optOut(who, input)
        call.answeredAt = agenda.now
        call.output = { epoch: output.epoch, results: output.results, reply: output.confirmation }
        return output
      },
      async optIn(who, input) {
        const call = opened(world, 'opt-in', who, input, {
          list: input.list ?? null,
          numbers: [input.number],
        })
        const output = await consent.optIn(who, input)
        call.answeredAt = agenda.now
        const { epoch, rev, outcome, replayed } = output
        call.output = {
          epoch,
          results: [{ number: input.number, list: '', outcome, rev, replayed }],
          reply: output.reply,
        }
        return output
      },
    },
  }
}

function opened(
  world: World,
  kind: 'opt-out' | 'opt-in',
  who: Caller,
  input: {
    accountId?: string | undefined
    businessNumber?: string | undefined
    source: string
    cause: string
  },
  more: { list: string | null; numbers: readonly string[] },
) {
  const account = input.accountId ?? world.ownerOf(input.businessNumber ?? '') ?? '?'
  const call = {
    kind,
    at: world.agenda.now,
    account,
    source: input.source,
    role: who.role,
    cause: input.cause,
    input,
    answeredAt: null,
    output: null,
    ...more,
  } as World['history']['calls'][number]
  world.history.calls.push(call)
  return call
}
