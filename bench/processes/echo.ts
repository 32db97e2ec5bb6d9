import { CheckInput, type CheckOutput } from '@heed/clearance'
import { procedure, publicKeysSetting, router, serveRouter, tokenVerifier } from '@heed/rpc'
import { createLogger, createMetrics, startHttpServer } from '@heed/service'
import { z } from 'zod'

// The limit of `clearance.check`: the same token, account check and input, an answer of the same size, no storage
// and no validation of the answer.

const answer = (count: number): CheckOutput => [
  {
    epoch: '0123456789abcdef' as never,
    rev: 1,
    leaseMs: 500,
    policy: { v: 1 },
    verdicts: Array.from({ length: count }, () => ({ allowed: true, reasons: [] })),
  },
]

const echoRouter = router({
  echo: procedure({
    description: 'Answers as many verdicts as numbers are given.',
    roles: ['sender'],
    input: CheckInput,
    output: z.custom<CheckOutput>(),
    accounts: ({ asks }) => asks.map(({ accountId }) => accountId),
  }).query(({ input }) => answer(input.asks[0]?.numbers.length ?? 0)),
})
export type EchoRouter = typeof echoRouter

const log = createLogger('echo', 'silent')
const metrics = createMetrics({ withProcess: false })
const verify = await tokenVerifier(publicKeysSetting.parse(process.env.TOKEN_PUBLIC_KEYS))
const server = await startHttpServer({
  host: '127.0.0.1',
  port: 0,
  log,
  metrics,
  readiness: {},
  bodyBytesMax: 1_000_000,
  routes: serveRouter({ router: echoRouter, verify, isOutage: () => false, log, metrics }),
})
console.log(server.url)
process.once('SIGTERM', () => void server[Symbol.asyncDispose]().then(() => process.exit(0)))
