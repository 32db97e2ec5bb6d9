import { connectMongo, databaseName, type MongoConnection } from '@heed/mongo'
import { type Logger, systemTimers, untilItWorks } from '@heed/service'
import { type ArrivalStore, arrivalStore } from './arrivals.ts'
import { type KeptMessageStore, keptMessageStore } from './kept-messages.ts'
import { type PollStore, pollStore } from './polls.ts'

export interface Stores extends AsyncDisposable {
  readonly arrivals: ArrivalStore
  readonly kept: KeptMessageStore
  readonly polls: PollStore
  ping(): Promise<void>
}

/** This service's own database, waited for until it is there and its indexes stand. */
export async function openStores(options: {
  url: string
  databaseId?: string | undefined
  log: Logger
  signal: AbortSignal
}): Promise<Stores> {
  const { url, log, signal } = options
  const mongo: MongoConnection = await connectMongo({
    url,
    appName: 'heed-inbound-sms',
    purpose: 'ordinary',
    log,
    stopping: signal,
  })
  try {
    const db = mongo.db(databaseName('inbound-sms', options.databaseId))
    const arrivals = arrivalStore(db, systemTimers)
    const kept = keptMessageStore(db)
    await untilItWorks(() => Promise.all([arrivals.prepare(), kept.prepare()]), {
      backoff: { firstMs: 100, maxMs: 5_000 },
      signal,
      onFailure: (error) => log.warn({ err: error }, 'the indexes cannot be made, trying again'),
    })
    return {
      arrivals,
      kept,
      polls: pollStore(db),
      ping: () => mongo.ping(),
      [Symbol.asyncDispose]: () => mongo[Symbol.asyncDispose](),
    }
  } catch (error) {
    await mongo[Symbol.asyncDispose]()
    throw error
  }
}
