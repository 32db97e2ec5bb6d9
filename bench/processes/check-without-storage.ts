import { publicKeysSetting, router, serveRouter, tokenVerifier } from '@heed/rpc'
import { createLogger, createMetrics, startHttpServer } from '@heed/service'
import { clearanceRouter } from '../../apps/compliance/src/routers/clearance.ts'
import type { Head } from '../../apps/compliance/src/store/heads.ts'
import { checkClearance } from '../../apps/compliance/src/use-cases/check-clearance.ts'
import type { AccountState } from '../../apps/compliance/src/use-cases/safe-read.ts'

// Compliance's own procedure `clearance.check`: token, account check, validation on both ways, verdicts. Only the
// safe read is answered from memory.

const log = createLogger('check-without-storage', 'silent')
const head = (a: string): Head => ({
  _id: a,
  a,
  epoch: '0123456789abcdef',
  rev: 1,
  folded: 1,
  published: 1,
  policy: { v: 1 },
  lists: ['own'],
  recent: [],
})
const check = checkClearance({
  read: async (wanted) =>
    new Map([...wanted.keys()].map((a): [string, AccountState] => [a, { head: head(a), states: new Map() }])),
  log,
})
const served = router({ clearance: clearanceRouter({ check, audit: async () => [] }) })
export type CheckRouter = typeof served

const metrics = createMetrics({ withProcess: false })
const verify = await tokenVerifier(publicKeysSetting.parse(process.env.TOKEN_PUBLIC_KEYS))
const server = await startHttpServer({
  host: '127.0.0.1',
  port: 0,
  log,
  metrics,
  readiness: {},
  bodyBytesMax: 1_000_000,
  routes: serveRouter({ router: served, verify, isOutage: () => false, log, metrics }),
})
console.log(server.url)
process.once('SIGTERM', () => void server[Symbol.asyncDispose]().then(() => process.exit(0)))
// Whoever started it is gone.
process.once('disconnect', () => process.exit(0))
