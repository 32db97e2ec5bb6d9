import type { Task } from './seed-workers.ts'
import { simulateSeeds } from './simulate.ts'

// One of the processes that `seed-workers.ts` starts.

Error.stackTraceLimit = 0
process.on('message', ({ from, count }: Task) => {
  void simulateSeeds({ from, count, step: 1, stopAtFirst: false }).then((totals) => process.send?.(totals))
})
