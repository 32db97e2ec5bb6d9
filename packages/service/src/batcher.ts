import type { Timers } from './timers.ts'

/** Gathers what comes while its last batch runs, so that many callers share one round trip. */
export interface Batcher<Item, Result> {
  /** Resolves with this item's result, rejects with its batch's error. */
  add(item: Item): Promise<Result>
}

export interface BatcherOptions<Item, Result> {
  /** One result for each item, in order. */
  readonly run: (items: readonly Item[]) => Promise<readonly Result[]>
  readonly itemsMax: number
  /** Batches under way at once. */
  readonly batchesMax: number
  readonly timers: Pick<Timers, 'soon'>
}

export function batcher<Item, Result>(options: BatcherOptions<Item, Result>): Batcher<Item, Result> {
  interface Waiting {
    readonly item: Item
    readonly done: PromiseWithResolvers<Result>
  }
  const waiting: Waiting[] = []
  let running = 0
  let starting = false

  const runOne = async (batch: readonly Waiting[]) => {
    running++
    try {
      const results = await options.run(batch.map(({ item }) => item))
      // One result for each item is the contract of `run`, for items without a value too.
      batch.forEach(({ done }, index) => {
        done.resolve(results[index] as Result)
      })
    } catch (error) {
      for (const { done } of batch) done.reject(error)
    } finally {
      running--
      start()
    }
  }
  const start = () => {
    if (starting || running >= options.batchesMax || waiting.length === 0) return
    starting = true
    // After the I/O of this turn, so that all it brought goes together.
    options.timers.soon(() => {
      starting = false
      while (running < options.batchesMax && waiting.length > 0)
        void runOne(waiting.splice(0, options.itemsMax))
    })
  }
  return {
    add(item) {
      const done = Promise.withResolvers<Result>()
      waiting.push({ item, done })
      start()
      return done.promise
    },
  }
}
