import { rmSync } from 'node:fs'
import { reap } from './reap.ts'

/**
 * Runs beside a stack and outlives it: when the stack's process is gone, however it went, its end of the pipe
 * on standard input closes, and what it left running is ended. Signals to the terminal's group do not reach it.
 */
const [folder] = process.argv.slice(2)
if (!folder) throw new Error('the folder of process records is missing')
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

process.stdin.resume()
process.stdin.on('end', async () => {
  await reap(folder)
  rmSync(folder, { recursive: true, force: true })
})
