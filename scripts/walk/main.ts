import { randomBytes } from 'node:crypto'
import { connectClients } from '../demo/clients.ts'
import { startSystem } from '../demo/system.ts'
import { openTerminal } from '../demo/terminal.ts'
import { walk } from './walk.ts'
import { worldOf } from './world.ts'

// Run by `npm run walk`: the eight points of what an operator was promised, on a system of its own.

const terminal = openTerminal(process.stdout)
const lines: string[] = []
try {
  await using system = await startSystem({
    databaseId: `walk_${randomBytes(4).toString('hex')}`,
    keep: false,
    say: terminal.plain,
    onOutput: (line, name) => {
      lines.push(`${name}: ${line}`)
      if (lines.length > 30) lines.shift()
    },
  })
  await using clients = connectClients(system)
  await walk(worldOf(clients), { heading: terminal.heading, say: terminal.step })
  terminal.heading('All eight points held')
} catch (error) {
  for (const line of lines) console.error(line)
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
