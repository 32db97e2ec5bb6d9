import { databaseName, majorityWrite } from '@heed/mongo'
import type { AccountId } from '@heed/phone'
import { type Bench, type Figure, type Measured, newAccount } from '../figure.ts'
import { spread, timed } from '../measure.ts'

const rowsPerCall = 500
const callsInFlight = 4
const pages = 60

/** An import of many people, beside bare inserts of the same documents under the same indexes, and a list of them. */
export const contactsFigure: Figure = {
  name: 'people by import, and a dynamic list of them',
  bound:
    'CPU: each person is read, checked and looked up before it is kept, by contacts on one core; the database keeps nine indexes, and each change is told',
  async measure(bench) {
    const { accountId } = await newAccount(bench)
    const calls = Math.ceil(bench.options.people / rowsPerCall)
    const count = calls * rowsPerCall
    const { result: elapsedMs, ms } = await bench.usage.during(count, () =>
      importPeople(bench, accountId, calls),
    )
    const bareMs = await bareInserts(bench, accountId)
    const list = await firstPages(bench, accountId)
    return rowsOf({ count, elapsedMs, bareMs, list, ms })
  },
}

function rowsOf(found: {
  count: number
  elapsedMs: number
  bareMs: number
  list: ReturnType<typeof spread>
  ms: Readonly<Record<string, number>> | null
}): Measured {
  const { count, elapsedMs, bareMs, list, ms } = found
  return {
    rows: [
      {
        what: `import of ${count.toLocaleString('en')} people, ${callsInFlight} calls in flight`,
        value: elapsedMs / 1_000,
        unit: 's',
        limit: { what: 'the same documents and indexes by insertMany', value: bareMs / 1_000 },
        target: { times: 2 },
      },
      {
        what: `first page of a dynamic list of ${count.toLocaleString('en')}, p95 of ${list.count}`,
        value: list.p95,
        unit: 'ms',
        target: { atMost: 100 },
      },
    ],
    cpu: ms ? { per: 'person', ms } : undefined,
  }
}

async function importPeople({ clients }: Bench, accountId: AccountId, calls: number): Promise<number> {
  let line = 1
  const { elapsedMs } = await timed({
    count: calls,
    inFlight: callsInFlight,
    call: async () => {
      const rows = Array.from({ length: rowsPerCall }, () => ({
        line: ++line,
        // A number that may exist: what people write is read as such.
        numbers: [`+1202${2_000_000 + line}`],
        name: `Ann Bell ${line}`,
        zip: '20001',
        tags: line % 2 === 0 ? ['vip'] : ['trial'],
        fields: [{ name: 'plan', value: line % 3 === 0 ? 'pro' : 'free' }],
      }))
      const importId = `im_${'0'.repeat(17)}`
      const { created } = await clients.contacts.contacts.importRows.mutate({ accountId, importId, rows })
      if (created !== rowsPerCall) throw new Error(`${created} of ${rowsPerCall} rows were taken`)
    },
  })
  return elapsedMs
}

/** The documents as they were kept, into a collection with the same indexes, as fast as the driver does it. */
async function bareInserts({ mongo, databaseId }: Bench, a: AccountId): Promise<number> {
  const kept = mongo.db(databaseName('contacts', databaseId)).collection('contacts')
  const bare = mongo.db(databaseName('bench', databaseId)).collection('contacts')
  const indexes = (await kept.indexes()).filter(({ name }) => name !== '_id_')
  await bare.createIndexes(indexes.map(({ v: _, ...index }) => index))
  const documents = await kept.find({ a }).toArray()
  const batches = Array.from({ length: Math.ceil(documents.length / rowsPerCall) }, (_, at) =>
    documents.slice(at * rowsPerCall, (at + 1) * rowsPerCall),
  )
  const { elapsedMs } = await timed({
    count: batches.length,
    inFlight: callsInFlight,
    call: async () => {
      const batch = batches.pop() ?? []
      await bare.insertMany(batch, { ordered: false, writeConcern: majorityWrite })
    },
  })
  return elapsedMs
}

async function firstPages({ clients }: Bench, accountId: AccountId) {
  const filter = {
    all: [{ tag: 'vip' }, { optOut: false }, { none: [{ field: { name: 'plan', is: 'free' } }] }],
  }
  const { lists, contacts } = clients.contacts
  const { listId } = await lists.create.mutate({ accountId, name: 'pro', filter })
  const took: number[] = []
  for (let page = 0; page < pages; page++) {
    const startedAt = performance.now()
    await contacts.list.query({ accountId, filter: { list: listId }, limit: 50 })
    took.push(performance.now() - startedAt)
  }
  return spread(took)
}
