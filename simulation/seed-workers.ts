import { fork } from 'node:child_process'
import { join } from 'node:path'
import { nodeFlags } from './node-flags.ts'
import { add, noTotals, type Totals } from './totals.ts'

const perTask = 500

export interface Task {
  readonly from: number
  readonly count: number
}

/** Shares seeds among processes, a few hundred at a time; a seed is the same wherever it is played. */
export async function simulateInWorkers(options: {
  from: number
  count: number
  workers: number
}): Promise<Totals> {
  const totals = noTotals()
  let next = options.from
  const end = options.from + options.count
  const worker = () =>
    new Promise<void>((resolve, reject) => {
      const child = fork(join(import.meta.dirname, 'seed-worker.ts'), [], {
        execArgv: [...process.execArgv, ...nodeFlags],
      })
      const give = () => {
        if (next >= end) return child.disconnect()
        const task: Task = { from: next, count: Math.min(perTask, end - next) }
        next += task.count
        child.send(task)
      }
      child.on('message', (part: Totals) => {
        add(totals, part)
        give()
      })
      child.on('error', reject)
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))))
      give()
    })
  await Promise.all(Array.from({ length: options.workers }, worker))
  return totals
}
