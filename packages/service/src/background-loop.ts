import { backoffMs, pause } from './backoff.ts'
import type { Logger } from './logger.ts'
import { systemTimers, type Timers } from './timers.ts'

export interface BackgroundLoop extends AsyncDisposable {
  /** Asks for a run now; many calls before it starts make one run. */
  wake(): void
}

/**
 * Runs `run` every `everyMs` and whenever woken, one at a time. A failed run is logged once per streak and
 * tried again with backoff. Disposal aborts the signal given to `run` and waits for it to end; `stopping` aborts it
 * before.
 */
export function startLoop(options: {
  name: string
  everyMs: number
  log: Logger
  run: (signal: AbortSignal) => Promise<void>
  stopping?: AbortSignal | undefined
  timers?: Timers
  random?: () => number
}): BackgroundLoop {
  const { timers = systemTimers, random } = options
  const stopping = new AbortController()
  let awake = Promise.withResolvers<void>()
  let failures = 0

  const turn = async () => {
    try {
      await options.run(stopping.signal)
      if (failures > 0) options.log.info({ loop: options.name, failures }, 'background work goes on')
      failures = 0
    } catch (error) {
      if (stopping.signal.aborted) return
      if (failures++ === 0)
        options.log.warn({ loop: options.name, err: error }, 'background work failed, trying again')
    }
  }
  const loop = async () => {
    while (!stopping.signal.aborted) {
      awake = Promise.withResolvers()
      await turn()
      if (failures > 0)
        await pause(backoffMs(failures, { firstMs: 50, maxMs: 5_000 }, random), stopping.signal, timers)
      else await untilDue(awake.promise)
    }
  }
  /** Woken, or stopped, which wakes. */
  const untilDue = async (woken: Promise<void>) => {
    const due = Promise.withResolvers<void>()
    const cancel = timers.after(options.everyMs, due.resolve)
    await Promise.race([due.promise, woken])
    cancel()
  }
  const stop = () => {
    stopping.abort()
    awake.resolve()
  }
  options.stopping?.addEventListener('abort', stop, { once: true })
  const ended = loop()
  return {
    wake: () => awake.resolve(),
    async [Symbol.asyncDispose]() {
      options.stopping?.removeEventListener('abort', stop)
      stop()
      await ended
    },
  }
}
