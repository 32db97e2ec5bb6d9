import { randomBytes } from 'node:crypto'
import type { consentChanged, EventOf } from '@heed/events'
import { callerFactory, type Role } from '@heed/rpc'
import { type Clock, createMetrics, openAlarms, systemClock } from '@heed/service'
import { type TestDatabase, testLog } from '@heed/testkit'
import { complianceMetrics } from '../src/metrics.ts'
import { complianceRouter } from '../src/router.ts'
import { accountStore } from '../src/store/accounts.ts'
import { nationalListStore } from '../src/store/national-lists.ts'
import { sendingsStore } from '../src/store/sendings.ts'
import { settingsStore } from '../src/store/settings.ts'
import type { ConsentStores } from '../src/store/stores.ts'
import { composeUseCases } from '../src/use-cases/compose.ts'

export type Event = EventOf<typeof consentChanged>

/** One instance of compliance without its ports: what it does, with stores, NATS and time as arguments. */
export function instance(
  database: TestDatabase,
  stores: ConsentStores,
  publish: (event: Event) => Promise<void>,
  time: { clock?: Clock; after?: (ms: number, run: () => void) => void } = {},
) {
  return composeUseCases({
    stores,
    accounts: accountStore(database.db),
    settings: settingsStore(database.db),
    sendings: sendingsStore(database.db),
    nationalLists: nationalListStore(database.db),
    publish,
    headsPerRead: 200,
    clock: time.clock ?? systemClock,
    randomHex: (bytes) => randomBytes(bytes).toString('hex'),
    random: Math.random,
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    after: time.after ?? ((ms, run) => void setTimeout(run, ms).unref()),
    metrics: complianceMetrics(createMetrics({ withProcess: false })),
    raise: openAlarms({ log: testLog() }),
    log: testLog(),
  })
}

/** Its procedures as a role calls them, inputs and outputs checked, for all accounts. */
export function procedures({ useCases }: Pick<ReturnType<typeof instance>, 'useCases'>) {
  const call = callerFactory(complianceRouter(useCases))
  const as = (role: Role) =>
    call({
      token: role,
      verify: async () => ({ keyId: 'test', role, actsForAll: true, mayActFor: () => true }),
      isOutage: () => false,
    })
  return { sender: as('sender'), inbound: as('inbound'), operator: as('operator'), admin: as('admin') }
}
