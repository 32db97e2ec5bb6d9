import {
  type ConsumeDeps,
  type ConsumeOptions,
  type Consuming,
  consumeStream,
  type Delivery,
  type Verdict,
} from './consume.ts'
import { decodeJob, encode } from './decode.ts'
import type { Publisher } from './publish.ts'
import type { StreamSpec } from './streams.ts'

export interface WorkQueueSpec {
  /** Letters, digits, `_` and `-`; by convention upper case. */
  stream: string
  subject: string
}

/** Wakes workers for rows that a database holds. A job seen twice must be harmless, a lost one be found by a sweep. */
export interface WorkQueue {
  /**
   * Returns when the job is stored, within 5 s, or BusUnavailableError. Jobs with one `id` count as one for
   * two minutes, also after the first was done; without an id each is a job of its own.
   */
  wake(key: string, options?: { id?: string }): Promise<void>
  consume(
    options: ConsumeOptions,
    handler: (job: { key: string }, delivery: Delivery) => Promise<Verdict> | Verdict,
  ): Consuming
}

const day = 24 * 60 * 60 * 1_000

export function openWorkQueue(deps: ConsumeDeps, store: Publisher, spec: WorkQueueSpec): WorkQueue {
  const stream: StreamSpec = {
    name: spec.stream,
    subjects: [spec.subject],
    retention: 'workqueue',
    storage: 'file',
    maxAgeMs: 7 * day,
    maxBytes: 128 * 1024 * 1024,
    duplicateWindowMs: 120_000,
  }
  return {
    async wake(key, { id } = {}) {
      const message = { stream, subject: spec.subject, data: encode({ key }) }
      await store(id === undefined ? message : { ...message, messageId: id })
    },
    consume: (options, handler) =>
      consumeStream(deps, { ...options, stream, filter: spec.subject, decode: decodeJob }, handler),
  }
}
