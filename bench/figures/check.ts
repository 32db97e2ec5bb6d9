import { databaseName } from '@heed/mongo'
import { createRpcClient, ownTokens } from '@heed/rpc'
import { type Figure, newAccount, newNumbers } from '../figure.ts'
import { inRounds, timed } from '../measure.ts'
import type { CheckRouter } from '../processes/check-without-storage.ts'
import { startCheckWithoutStorage } from '../processes/start-process.ts'
import { usageOf } from '../usage.ts'

const numbersPerCall = 1_000
const callsPerRound = 60
const rounds = 5
const burst = 400

/** A thousand verdicts a call, beside the driver's own look-up; and the same procedure without storage. */
export const checkFigure: Figure = {
  name: 'clearance.check at 1,000 numbers a call',
  bound: 'JSON, validation of each number on both ways, and the look-up of 1,000 ids in the database',
  async measure(bench) {
    const { accountId } = await newAccount(bench)
    const numbers = newNumbers(numbersPerCall)
    const input = { asks: [{ accountId, numbers }] }
    await using without = await startCheckWithoutStorage(bench.system)
    await using client = createRpcClient<CheckRouter>({
      url: without.url,
      token: ownTokens(bench.system.secrets.developerKey, 'sender'),
      timeoutMs: 5_000,
    })
    const blocklist = bench.mongo.db(databaseName('compliance', bench.databaseId)).collection('blocklist')
    const ids = numbers.map((number) => `${accountId}/${number}/own` as never)
    const look = { readConcern: { level: 'majority' }, hint: { _id: 1 } } as const
    const calls = {
      check: () => bench.clients.compliance.clearance.check.query(input),
      find: () => blocklist.find({ _id: { $in: ids }, a: accountId }, look).toArray(),
      without: () => client.rpc.clearance.check.query(input),
    }
    const measure = (call: () => Promise<unknown>) => async () =>
      (await timed({ count: callsPerRound, call })).durations
    const each = {
      check: measure(calls.check),
      find: measure(calls.find),
      without: measure(calls.without),
    }
    await inRounds(1, each)
    const { check, find, without: bare } = await inRounds(rounds, each)
    const usage = usageOf([{ name: 'server', pid: without.pid }])
    const { result, ms } = await usage.during(burst * numbersPerCall, () =>
      timed({ count: burst, inFlight: 4, call: calls.without }),
    )
    const storage = await bench.usage.during(burst * numbersPerCall, () =>
      timed({ count: burst, inFlight: 4, call: calls.check }),
    )
    const rate = (elapsedMs: number) => (burst * numbersPerCall) / (elapsedMs / 1_000)
    return {
      rows: [
        {
          what: 'check, p50',
          value: check.p50,
          unit: 'ms',
          limit: { what: 'find({_id: {$in}})', value: find.p50 },
          target: { times: 2 },
        },
        { what: 'check without storage, p50', value: bare.p50, unit: 'ms' },
        {
          what: 'numbers checked without storage, 4 calls in flight',
          value: rate(result.elapsedMs),
          unit: '/s',
          target: { atLeast: 1_000_000 },
        },
        ...perCore('without storage, by a core of the server', ms?.server),
        ...perCore('without storage, by a core of the caller', ms?.bench),
        { what: 'numbers checked, 4 calls in flight', value: rate(storage.result.elapsedMs), unit: '/s' },
      ],
      cpu: storage.ms ? { per: 'number, with storage', ms: storage.ms } : undefined,
    }
  },
}

/** What one core would do were it left alone: a machine under other load shows the rate above too low. */
function perCore(what: string, msEach: number | undefined) {
  return msEach ? [{ what: `numbers checked ${what}`, value: 1_000 / msEach, unit: '/s' }] : []
}
