import { databaseName, majorityWrite } from '@heed/mongo'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { type Bench, type Figure, type Measured, newAccount, newNumber, newNumbers } from '../figure.ts'
import { spread, timed } from '../measure.ts'

const numbersPerCall = 64
const callsInFlight = 16
const stopEveryMs = 25
const stopsAtRest = 600
const bareWrites = 500

/** An import of many opt-outs while STOPs arrive for the same account, beside STOPs at rest and bare inserts. */
export const importFigure: Figure = {
  name: 'opt-outs by import, and a STOP meanwhile',
  bound:
    'CPU: each number is a row of the ledger in four indexes, a row of the blocklist, two hashes and an event; the embedded database and compliance take a core each',
  async measure(bench) {
    const { accountId } = await newAccount(bench)
    const calls = Math.ceil(bench.options.imported / numbersPerCall)
    await importNumbers(bench, accountId, 32)
    const bare = await bareInserts(bench)
    const atRest = spread(await stopsWhile(bench, accountId, stopsAtRest))
    const importing = bench.usage.during(calls * numbersPerCall, () => importNumbers(bench, accountId, calls))
    const during = spread(await stopsWhile(bench, accountId, importing))
    const { result: elapsedMs, ms } = await importing
    return rowsOf({ bench, calls, elapsedMs, ms, bare, atRest, during })
  },
}

interface Figures {
  readonly bench: Bench
  readonly calls: number
  readonly elapsedMs: number
  readonly ms: Readonly<Record<string, number>> | null
  readonly bare: number
  readonly atRest: ReturnType<typeof spread>
  readonly during: ReturnType<typeof spread>
}

function rowsOf({ calls, elapsedMs, ms, bare, atRest, during }: Figures): Measured {
  const imported = calls * numbersPerCall
  const seconds = elapsedMs / 1_000
  return {
    rows: [
      {
        what: `import of ${imported.toLocaleString('en')} numbers, ${callsInFlight} calls in flight`,
        value: seconds,
        unit: 's',
        ...(imported >= 1_000_000 ? { target: { atMost: 60 } } : {}),
      },
      {
        what: 'numbers imported',
        value: imported / seconds,
        unit: '/s',
        limit: { what: 'bare documents inserted, 64 at a time', value: bare },
        target: { atLeast: 1_000_000 / 60 },
      },
      { what: `a STOP meanwhile, p50 of ${during.count}`, value: during.p50, unit: 'ms' },
      {
        what: `a STOP meanwhile, p99 of ${during.count}`,
        value: during.p99,
        unit: 'ms',
        limit: { what: 'a STOP at rest, p99', value: atRest.p99 },
        target: { times: 3 },
      },
    ],
    cpu: ms ? { per: 'number', ms } : undefined,
  }
}

let imports = 0
async function importNumbers({ clients }: Bench, accountId: AccountId, calls: number): Promise<number> {
  const { elapsedMs } = await timed({
    count: calls,
    inFlight: callsInFlight,
    call: async () => {
      const source = `import-${++imports}`
      const input = { accountId, numbers: newNumbers(numbersPerCall), cause: 'import', source }
      for (;;) {
        const done = await clients.compliance.consent.optOut.mutate(input).catch(() => null)
        if (done) return
      }
    },
  })
  return elapsedMs
}

/** STOPs at a steady pace, whatever each takes, so that a slow one does not hide the ones behind it. */
async function stopsWhile(
  bench: Bench,
  accountId: AccountId,
  until: number | Promise<unknown>,
): Promise<number[]> {
  const took: Promise<number>[] = []
  let isOver = false
  if (typeof until !== 'number')
    void until.then(
      () => {
        isOver = true
      },
      () => {
        isOver = true
      },
    )
  while (typeof until === 'number' ? took.length < until : !isOver) {
    took.push(stop(bench, accountId, newNumber()))
    await new Promise((resolve) => setTimeout(resolve, stopEveryMs))
  }
  return Promise.all(took)
}

async function stop({ clients }: Bench, accountId: AccountId, number: PhoneNumber): Promise<number> {
  const startedAt = performance.now()
  const input = { accountId, numbers: [number], cause: 'keyword', source: `stop-${number}` }
  for (;;) {
    const done = await clients.compliance.consent.optOut.mutate(input).catch(() => null)
    if (done) return performance.now() - startedAt
  }
}

/** As many small documents a second as the driver inserts durably, 64 at a time. */
async function bareInserts({ mongo, databaseId }: Bench): Promise<number> {
  const bare = mongo.db(databaseName('bench', databaseId)).collection('imported')
  const { elapsedMs } = await timed({
    count: bareWrites,
    inFlight: 4,
    call: () =>
      bare.insertMany(
        Array.from({ length: numbersPerCall }, () => ({ n: newNumber(), list: 'own', at: new Date() })),
        { ordered: false, writeConcern: majorityWrite },
      ),
  })
  return (bareWrites * numbersPerCall) / (elapsedMs / 1_000)
}
