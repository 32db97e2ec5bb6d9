/**
 * Aborted by SIGINT, SIGTERM, SIGHUP, or an output that nobody reads any more. The signals stay handled, so
 * that a second one does not cut short what the first has begun.
 */
export function stopSignal(): AbortController {
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  for (const stream of [process.stdout, process.stderr]) stream.on('error', stop)
  return stopping
}

/** Waits for the signal, and keeps the process alive meanwhile: its children may all be gone before. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  const alive = setInterval(() => {}, 60_000)
  return new Promise((resolve) => {
    const done = () => {
      clearInterval(alive)
      resolve()
    }
    if (signal.aborted) done()
    else signal.addEventListener('abort', done, { once: true })
  })
}
