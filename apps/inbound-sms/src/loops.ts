import type { Bus } from '@heed/nats'
import { type Logger, startLoop, type Timers } from '@heed/service'
import type { Late } from './late.ts'
import type { UseCases } from './use-cases/compose.ts'
import { hintEveryMs } from './use-cases/hints.ts'

const drainEveryMs = 1_000
const keptEveryMs = 5_000
const watchEveryMs = 5_000

type Run = (signal: AbortSignal) => Promise<void>

/** Everything that goes on without a webhook: each at its start, then at its interval, one run at a time. */
export function startLoops(options: {
  useCases: UseCases
  stores: Pick<Late<AsyncDisposable>, 'arrived'>
  bus: Pick<Bus, 'isConnected'>
  reconcileEveryMs: number
  stopping?: AbortSignal | undefined
  timers: Timers
  random: () => number
  log: Logger
}): AsyncDisposable {
  const { useCases, stores, bus } = options
  const loop = (name: string, everyMs: number, run: Run) => startLoop({ ...options, name, everyMs, run })
  const hints = loop('hints', hintEveryMs, useCases.repeatHints)
  useCases.whenHintMissed(hints.wake)
  const loops = [
    hints,
    loop('commit', drainEveryMs, useCases.commitWaiting),
    loop('store', drainEveryMs, onceThere(stores, useCases.storeWaiting)),
    loop('publish', drainEveryMs, whileConnected(bus, useCases.publishWaiting)),
    loop('kept', keptEveryMs, onceThere(stores, useCases.applyKept)),
    loop('reconcile', options.reconcileEveryMs, onceThere(stores, useCases.reconcile)),
    loop('journal', watchEveryMs, useCases.watchJournal),
    loop('kept-count', watchEveryMs, onceThere(stores, useCases.watchKept)),
    loop('poll-age', watchEveryMs, useCases.watchPoll),
  ]
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(loops.map((loop) => loop[Symbol.asyncDispose]()))
    },
  }
}

function onceThere(needed: Pick<Late<AsyncDisposable>, 'arrived'>, run: Run): Run {
  return async (signal) => {
    if (await needed.arrived(signal)) await run(signal)
  }
}

function whileConnected(bus: Pick<Bus, 'isConnected'>, run: Run): Run {
  return async (signal) => {
    if (bus.isConnected()) await run(signal)
  }
}
