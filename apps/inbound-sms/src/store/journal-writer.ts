import { Worker } from 'node:worker_threads'
import type { JournalOperation, OperationResult, ThreadAnswer } from './journal-statements.ts'

/** The journal did not take an operation: nothing about it is durable. */
export class JournalError extends Error {
  override name = 'JournalError'
}

export interface JournalWriter extends AsyncDisposable {
  /** Resolves when the operation is durable, in the order of the calls. One that has time shares another's flush. */
  run(operation: JournalOperation, hasTime?: boolean): Promise<OperationResult>
  /** Operations that wait for the thread. */
  waiting(): number
}

interface Waiting {
  readonly operation: JournalOperation
  resolve(result: OperationResult): void
  reject(error: JournalError): void
}

const batchMax = 512
/** How long an operation that has time waits for another to go with. */
const sharesWithinMs = 10
/** Beyond this the disk is not keeping up, and callers are better told so than kept. */
export const waitingMax = 20_000

/** Hands operations to the journal's thread: what comes in while one transaction runs makes up the next. */
export function journalWriter(file: string): JournalWriter {
  let queue: Waiting[] = []
  let inFlight: Waiting[] = []
  let thread: Worker | undefined
  let idle = Promise.withResolvers<void>()
  idle.resolve()
  let isClosed = false
  let later: NodeJS.Timeout | undefined

  const fail = (code: string) => {
    const failed = inFlight
    inFlight = []
    for (const { reject } of failed) reject(new JournalError(`the journal failed: ${code}`))
  }
  const start = () => {
    const started = startThread(file)
    started.on('message', (answer: ThreadAnswer) => {
      const answered = inFlight
      if (!answer.ok) fail(answer.code)
      else {
        inFlight = []
        answered.forEach((waiting, index) => {
          waiting.resolve(answer.results[index] ?? { rows: [], changes: 0 })
        })
      }
      next()
    })
    started.on('error', (error) => {
      thread = undefined
      fail(error.name)
      next()
    })
    started.unref()
    return started
  }
  const next = () => {
    if (inFlight.length > 0) return
    clearTimeout(later)
    later = undefined
    if (queue.length === 0) {
      thread?.unref()
      idle.resolve()
      return
    }
    inFlight = queue.slice(0, batchMax)
    queue = queue.slice(batchMax)
    thread ??= start()
    thread.ref()
    thread.postMessage(inFlight.map(({ operation }) => operation))
  }
  return {
    run(operation, hasTime = false) {
      if (isClosed) return Promise.reject(new JournalError('the journal is closed'))
      if (queue.length >= waitingMax) return Promise.reject(new JournalError('the journal is overloaded'))
      const { promise, resolve, reject } = Promise.withResolvers<OperationResult>()
      if (inFlight.length === 0 && queue.length === 0) idle = Promise.withResolvers()
      queue.push({ operation, resolve, reject })
      // In the next turn, so that requests that came together share a transaction.
      if (hasTime) later ??= setTimeout(next, sharesWithinMs)
      else setImmediate(next)
      return promise
    },
    waiting: () => queue.length,
    async [Symbol.asyncDispose]() {
      isClosed = true
      const enough = Promise.withResolvers<void>()
      const timer = setTimeout(enough.resolve, 2_000)
      await Promise.race([idle.promise, enough.promise])
      clearTimeout(timer)
      await thread?.terminate()
      fail('closed')
    },
  }
}

const startThread = (file: string) =>
  new Worker(new URL('./journal-thread.ts', import.meta.url), {
    workerData: { file },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
