import type { Logger } from '@heed/service'

/** Something this service uses and must not wait for: a STOP needs compliance alone. */
export interface Late<T> extends AsyncDisposable {
  /** What was opened, or an error while it is not. */
  get(): T
  /** True as soon as it is there; false when the signal is aborted before. */
  arrived(signal: AbortSignal): Promise<boolean>
}

/** Asked for something that is not there yet; the same may succeed later. */
class NotThereYetError extends Error {
  override name = 'NotThereYetError'
}

/** Opens in the background; `open` waits for as long as it takes, until its signal is aborted. */
export function late<T extends AsyncDisposable>(
  name: string,
  open: (stopping: AbortSignal) => Promise<T>,
  log: Logger,
  processStopping?: AbortSignal,
): Late<T> {
  const stopping = new AbortController()
  processStopping?.addEventListener('abort', () => stopping.abort(), { once: true })
  const there = Promise.withResolvers<void>()
  let opened: T | undefined
  const ended = open(stopping.signal)
    .then(async (ready) => {
      if (stopping.signal.aborted) await ready[Symbol.asyncDispose]()
      else opened = ready
      there.resolve()
    })
    .catch((error: unknown) => {
      if (!stopping.signal.aborted) log.error({ err: error, what: name }, 'cannot be used')
    })
  return {
    get() {
      if (opened === undefined) throw new NotThereYetError(`${name} is not reached yet`)
      return opened
    },
    async arrived(signal) {
      const aborted = Promise.withResolvers<void>()
      const abort = () => aborted.resolve()
      signal.addEventListener('abort', abort, { once: true })
      if (!signal.aborted) await Promise.race([there.promise, aborted.promise])
      signal.removeEventListener('abort', abort)
      return opened !== undefined && !signal.aborted
    },
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await ended
      await opened?.[Symbol.asyncDispose]()
      opened = undefined
    },
  }
}
