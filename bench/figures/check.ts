import { databaseName } from '@heed/mongo'
import { createRpcClient, ownTokens } from '@heed/rpc'
import { type Figure, newAccount, newNumbers } from '../figure.ts'
import { inRounds, timed } from '../measure.ts'
import { type EchoRouter, startEcho } from '../processes/start-echo.ts'

const numbersPerCall = 1_000
const callsPerRound = 60
const rounds = 5

/** A thousand verdicts a call, beside a bare tRPC echo of the same payload and the driver's own look-up. */
export const checkFigure: Figure = {
  name: 'clearance.check at 1,000 numbers a call',
  bound: 'JSON, validation of each number on both ways, and the look-up of 1,000 ids in the database',
  async measure(bench) {
    const { accountId } = await newAccount(bench)
    const numbers = newNumbers(numbersPerCall)
    const input = { asks: [{ accountId, numbers }] }
    await using echo = await startEcho(bench.system)
    await using client = createRpcClient<EchoRouter>({
      url: echo.url,
      token: ownTokens(bench.system.secrets.developerKey, 'sender'),
      timeoutMs: 5_000,
    })
    const blocklist = bench.mongo.db(databaseName('compliance', bench.databaseId)).collection('blocklist')
    const ids = numbers.map((number) => `${accountId}/${number}/own` as never)
    const measure = (call: () => Promise<unknown>) => async () =>
      (await timed({ count: callsPerRound, call })).durations
    const calls = {
      check: measure(() => bench.clients.compliance.clearance.check.query(input)),
      echo: measure(() => client.rpc.echo.query(input)),
      find: measure(() =>
        blocklist.find({ _id: { $in: ids }, a: accountId }, { readConcern: { level: 'majority' } }).toArray(),
      ),
    }
    await inRounds(1, calls)
    const { check, echo: bare, find } = await inRounds(rounds, calls)
    const four = await timed({
      count: 300,
      inFlight: 4,
      call: () => bench.clients.compliance.clearance.check.query(input),
    })
    const rate = (300 * numbersPerCall) / (four.elapsedMs / 1000)
    return [
      {
        what: 'check, p50',
        value: check.p50,
        unit: 'ms',
        ratio: check.p50 / bare.p50,
        beside: 'bare tRPC echo',
      },
      {
        what: 'check, p50',
        value: check.p50,
        unit: 'ms',
        ratio: check.p50 / find.p50,
        beside: 'find({_id: {$in}})',
      },
      { what: 'check, p99', value: check.p99, unit: 'ms' },
      { what: 'bare tRPC echo of the same payload, p50', value: bare.p50, unit: 'ms' },
      { what: 'find({_id: {$in}}) of the driver, p50', value: find.p50, unit: 'ms' },
      { what: 'numbers checked, 4 calls in flight', value: rate, unit: '/s' },
    ]
  },
}
