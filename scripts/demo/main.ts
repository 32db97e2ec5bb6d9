import { randomBytes } from 'node:crypto'
import { NatsMissingError, serviceNames, stopSignal, untilAborted } from '@heed/local-stack'
import { connectClients } from './clients.ts'
import { tellStory } from './story.ts'
import { startSystem } from './system.ts'
import { openTerminal, table } from './terminal.ts'

// Run by `npm run demo [-- --keep]`: the whole system, its main job, and then nothing left running.

const keep = process.argv.includes('--keep')
const terminal = openTerminal(process.stdout)
const stopping = stopSignal()
const lastLines: string[] = []

async function main(): Promise<void> {
  terminal.heading('Heed: a STOP, from the phone to every sender')
  terminal.step(`starting the database, NATS, a simulated carrier and ${serviceNames.length - 1} services`)
  await using system = await startSystem({
    databaseId: `demo_${randomBytes(4).toString('hex')}`,
    keep,
    say: terminal.plain,
    onOutput: (line, name) => {
      lastLines.push(`${name}: ${line}`)
      if (lastLines.length > 30) lastLines.shift()
    },
  })
  terminal.step(`all of them answer; the database is ${system.mongodb.name}`)
  await using clients = connectClients(system)
  await tellStory({ clients, terminal, stopping: stopping.signal })
  if (!keep || stopping.signal.aborted) return
  terminal.heading('It goes on running; press Ctrl-C to stop it')
  terminal.plain(table(system.processes.map(({ name, url, pid }) => [name, url, `pid ${pid}`])))
  terminal.plain(
    '  secrets and addresses: .heed/run.json; a token: npm run -s token -- --role admin --accounts "*"',
  )
  await untilAborted(stopping.signal)
}

try {
  await main()
} catch (error) {
  if (!stopping.signal.aborted) {
    const isForPeople = error instanceof NatsMissingError
    if (!isForPeople) for (const line of lastLines) console.error(line)
    console.error(
      isForPeople ? error.message : `the demo failed: ${error instanceof Error ? error.stack : error}`,
    )
    process.exitCode = 1
  }
}
