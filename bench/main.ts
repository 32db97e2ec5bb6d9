import { randomBytes } from 'node:crypto'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { connectMongo, databaseName } from '@heed/mongo'
import { connectBus } from '@heed/nats'
import { createLogger } from '@heed/service'
import { connectClients } from '../scripts/demo/clients.ts'
import type { Bench, BenchOptions, Figure, Measured } from './figure.ts'
import { checkFigure } from './figures/check.ts'
import { contactsFigure } from './figures/contacts.ts'
import { eventToGateFigure } from './figures/event-to-gate.ts'
import { gateFigure } from './figures/gate.ts'
import { importFigure } from './figures/import.ts'
import { keywordsFigure } from './figures/keywords.ts'
import { memoryFigure } from './figures/memory.ts'
import { natsDeadFigure } from './figures/nats-dead.ts'
import { sendersFigure } from './figures/senders.ts'
import { textsFigure } from './figures/texts.ts'
import { webhookFigure } from './figures/webhook.ts'
import { isMet } from './judge.ts'
import { machineFacts } from './machine.ts'
import { factsText, type Result, recordRun, resultText } from './report.ts'
import { startBenchSystem } from './system.ts'
import { usageOf } from './usage.ts'

// Run by `npm run bench [-- --only NAME[,NAME] --recipients N --imported N --people N --profile FOLDER]`: each figure beside its limit,
// measured in the same run on the same machine.

const figures: Record<string, Figure> = {
  keywords: keywordsFigure,
  gate: gateFigure,
  hop: eventToGateFigure,
  'nats-dead': natsDeadFigure,
  check: checkFigure,
  senders: sendersFigure,
  webhook: webhookFigure,
  import: importFigure,
  texts: textsFigure,
  contacts: contactsFigure,
  memory: memoryFigure,
}

interface Arguments extends BenchOptions {
  readonly only: readonly string[]
  readonly profile: string | undefined
}

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: Object.keys(figures).join(',') },
      recipients: { type: 'string', default: '1000000' },
      imported: { type: 'string', default: '1000000' },
      people: { type: 'string', default: '100000' },
      profile: { type: 'string' },
    },
  })
  const only = values.only.split(',')
  const strange = only.filter((name) => !(name in figures))
  const recipients = Number(values.recipients)
  const imported = Number(values.imported)
  const people = Number(values.people)
  if (strange.length > 0 || !(recipients >= 20_000) || !(imported >= 10_000) || !(people >= 1_000))
    throw new RangeError(
      `--only takes ${Object.keys(figures).join(', ')}; --recipients 20000 and more, --imported 10000, --people 1000 and more`,
    )
  return { only, recipients, imported, people, profile: values.profile }
}

async function main(): Promise<void> {
  const { only, profile, ...options } = readArguments()
  const databaseId = `bench_${randomBytes(4).toString('hex')}`
  await using system = await startBenchSystem({ databaseId, profile, say: console.log })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const end = async () => system[Symbol.asyncDispose]()
    process.once(signal, () => void end().finally(() => process.exit(1)))
  }
  const url = system.mongodb.url
  await using mongo = await connectMongo({ url, appName: 'heed-bench', purpose: 'ordinary' })
  const log = createLogger('bench', 'warn')
  await using bus = await connectBus({ url: system.nats.url, name: 'heed-bench', log })
  await using clients = connectClients(system)
  const usage = usageOf(system.processes)
  const bench: Bench = { system, clients, mongo, bus, databaseId, usage, options, say: console.log }
  const machine = machineFacts({ database: system.mongodb.name, nats: system.nats.name })
  console.log(factsText(machine))
  const results: Result[] = []
  for (const [key, figure] of Object.entries(figures)) {
    if (!only.includes(key)) continue
    const load = loadavg()[0] ?? 0
    const measured = await figure.measure(bench).catch((error: unknown): Measured => {
      console.error(`\n${figure.name} could not be measured:`, error)
      process.exitCode = 1
      return { rows: [{ what: 'could not be measured', value: Number.NaN, unit: '', target: { atMost: 0 } }] }
    })
    const result = { key, name: `${figure.name} (load ${load.toFixed(1)})`, bound: figure.bound, ...measured }
    results.push(result)
    console.log(`\n${resultText(result)}`)
  }
  await mongo.db(databaseName('bench', databaseId)).dropDatabase()
  console.log(`\nrecorded in ${recordRun({ machine, results })}.json and .txt`)
  const missed = results.flatMap(({ rows }) => rows).filter((row) => isMet(row) === false)
  console.log(missed.length === 0 ? 'every target met' : `targets not met: ${missed.length}`)
}

await main()
