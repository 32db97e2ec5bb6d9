import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { connectMongo, databaseName } from '@heed/mongo'
import { connectBus } from '@heed/nats'
import { createLogger } from '@heed/service'
import { connectClients } from '../scripts/demo/clients.ts'
import { startSystem } from '../scripts/demo/system.ts'
import { table } from '../scripts/demo/terminal.ts'
import type { Bench, Figure, Line } from './figure.ts'
import { checkFigure } from './figures/check.ts'
import { eventToGateFigure } from './figures/event-to-gate.ts'
import { textsFigure } from './figures/texts.ts'
import { webhookFigure } from './figures/webhook.ts'

// Run by `npm run bench [-- NAME…]`: each figure beside its limit, measured in the same run on the same machine.

const figures: Record<string, Figure> = {
  webhook: webhookFigure,
  gate: eventToGateFigure,
  check: checkFigure,
  texts: textsFigure,
}

async function main(): Promise<void> {
  const asked = process.argv.slice(2)
  const chosen = Object.entries(figures).filter(([name]) => asked.length === 0 || asked.includes(name))
  if (chosen.length === 0)
    throw new Error(`there is no such figure; there are: ${Object.keys(figures).join(', ')}`)
  const databaseId = `bench_${randomBytes(4).toString('hex')}`
  await using system = await startSystem({ databaseId, keep: false, say: console.log, onOutput: () => {} })
  await using mongo = await connectMongo({
    url: system.mongodb.url,
    appName: 'heed-bench',
    purpose: 'ordinary',
  })
  await using bus = await connectBus({
    url: system.nats.url,
    name: 'heed-bench',
    log: createLogger('bench', 'warn'),
  })
  await using clients = connectClients(system)
  const bench: Bench = { system, clients, mongo, bus, databaseId, say: console.log }
  const machine = machineFacts(system.mongodb.name)
  console.log(
    Object.entries(machine)
      .map(([fact, value]) => `${fact}: ${value}`)
      .join(' · '),
  )
  const results: Record<string, { name: string; bound: string; lines: Line[] }> = {}
  for (const [key, figure] of chosen) {
    const lines = await figure.measure(bench)
    results[key] = { name: figure.name, bound: figure.bound, lines }
    console.log(`\n${figure.name}\n${table(lines.map(rowOf))}\n  bounded by: ${figure.bound}`)
  }
  await mongo.db(databaseName('bench', databaseId)).dropDatabase()
  const file = `bench/results/${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.json`
  mkdirSync('bench/results', { recursive: true })
  writeFileSync(file, `${JSON.stringify({ machine, results }, null, 2)}\n`)
  console.log(`\nrecorded in ${file}`)
}

const rowOf = ({ what, value, unit, ratio, beside }: Line) => [
  what,
  `${value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2)} ${unit}`,
  ratio === undefined ? '' : `${ratio.toFixed(2)}x ${beside}`,
]

function machineFacts(database: string): Record<string, string> {
  const [cpu] = cpus()
  return {
    cores: String(cpus().length),
    cpu: cpu?.model ?? 'unknown',
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    node: process.version,
    kernel: execFileSync('uname', ['-r'], { encoding: 'utf8' }).trim(),
    database,
  }
}

await main()
