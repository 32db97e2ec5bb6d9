import { setTimeout as sleep } from 'node:timers/promises'
import type { AccountId } from '@heed/phone'
import { type Bench, type Figure, newAccount, newNumbers } from '../figure.ts'

const small = 10_000
const perCall = 10_000
const workMs = 10_000
const sampleEveryMs = 100
const watched = ['campaign', 'compliance'] as const

/** The most memory that campaign and compliance hold while a broadcast is made and worked on, small and large. */
export const memoryFigure: Figure = {
  name: 'memory of a broadcast',
  bound: 'what one call of 10,000 recipients takes; the rows stay in the database',
  async measure(bench) {
    if (bench.usage.residentBytes('campaign') === null) {
      bench.say('memory: this system does not tell what a process holds')
      return { rows: [] }
    }
    const { recipients } = bench.options
    // As often as the large one in calls, so that both have let the heap grow to what calls need.
    await peaks(bench, small, 10)
    const little = await peaks(bench, small, 10)
    const much = await peaks(bench, recipients, recipients / perCall)
    const rows = watched.map((name) => ({
      what: `${name} at ${recipients.toLocaleString('en')} recipients, most held`,
      value: much.bytes[name] / 2 ** 20,
      unit: 'MiB',
      limit: {
        what: `at ${small.toLocaleString('en')}`,
        value: little.bytes[name] / 2 ** 20,
      },
      target: { times: 1.25 },
    }))
    return {
      rows: [...rows, { what: 'recipients kept', value: recipients / (much.createdMs / 1_000), unit: '/s' }],
    }
  },
}

type Peaks = { bytes: Record<(typeof watched)[number], number>; createdMs: number }

/** Makes a broadcast of `count`, works on it for ten seconds, cancels it. The small one is made `times` over. */
async function peaks(bench: Bench, count: number, times: number): Promise<Peaks> {
  const bytes = { campaign: 0, compliance: 0 }
  const sample = setInterval(() => {
    for (const name of watched) bytes[name] = Math.max(bytes[name], bench.usage.residentBytes(name) ?? 0)
  }, sampleEveryMs)
  try {
    const { accountId, from } = await newAccount(bench)
    const startedAt = performance.now()
    let broadcastId = ''
    if (count === small) {
      for (let i = 0; i < times; i++) broadcastId = await create(bench, accountId, from)
    } else {
      broadcastId = await create(bench, accountId, from)
      for (let i = 1; i < times; i++) await add(bench, accountId, broadcastId)
    }
    const createdMs = performance.now() - startedAt
    const { broadcasts } = bench.clients.campaign
    await broadcasts.start.mutate({ accountId, broadcastId })
    await sleep(workMs)
    await broadcasts.pause.mutate({ accountId, broadcastId }).catch(() => {})
    return { bytes, createdMs }
  } finally {
    clearInterval(sample)
  }
}

const recipients = () => newNumbers(perCall).map((number) => ({ number }))
const ratePerSecond = 200

async function create({ clients }: Bench, accountId: AccountId, from: string): Promise<string> {
  const broadcast = { accountId, from, text: 'Bench.', recipients: recipients(), ratePerSecond }
  return (await clients.campaign.broadcasts.create.mutate(broadcast as never)).broadcastId
}

async function add({ clients }: Bench, accountId: AccountId, broadcastId: string): Promise<void> {
  await clients.campaign.broadcasts.addRecipients.mutate({ accountId, broadcastId, recipients: recipients() })
}
