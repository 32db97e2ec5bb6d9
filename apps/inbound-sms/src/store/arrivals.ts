import {
  type Collection,
  type Db,
  ensureIndexes,
  isDuplicateKey,
  majorityRead,
  majorityWrite,
  ordinaryMaxTimeMs,
} from '@heed/mongo'
import { batcher, type Timers } from '@heed/service'
import { InboundMessage } from '../domain/inbound-message.ts'
import type { Settlement } from '../domain/journal-entry.ts'

/** Stands for the account of a business number that nobody owns. */
const nobody = '_'

interface MessageDocument {
  /** `<account>/<carrier message id>`: account first, as in every collection. */
  readonly _id: string
  readonly a: string
  readonly carrier: 'twilio'
  readonly carrierAccount: string
  readonly carrierMessageId: string
  readonly from: string
  readonly to: string
  readonly text: string
  readonly optOutType?: string
  readonly messagingService?: string
  readonly mediaCount?: number
  readonly intent: string
  readonly outcome: string
  readonly via: string
  readonly receivedAt: Date
  readonly sentAt?: Date
  /** How often it was settled: above 1 for what a carrier delivered again. */
  readonly arrivals: number
}

interface Arrival {
  readonly message: InboundMessage
  readonly settlement: Settlement
}

/** A stored text, and what it was settled as. */
export interface StoredArrival {
  readonly account: string | null
  readonly intent: string
  readonly message: InboundMessage
}

/** Nobody waits for an arrival to be stored, and the journal has it: many share one durable write. */
const gatherMs = 50

/** Every text that arrived, word for word, once for each carrier message id. Kept without an end. */
export function arrivalStore(db: Db, timers: Pick<Timers, 'after'>) {
  const messages: Collection<MessageDocument> = db.collection('messages')
  const arrivals = batcher<Arrival, void>({
    itemsMax: 500,
    batchesMax: 2,
    timers: { soon: (run) => void timers.after(gatherMs, run) },
    run: async (some) => {
      await messages
        .bulkWrite(some.map(upsert), { ordered: false, writeConcern: majorityWrite })
        .catch((error: unknown) => {
          // Another instance stored the same message in that instant: it stands.
          if (!isDuplicateKey(error)) throw error
        })
      return some.map(() => undefined)
    },
  })
  return {
    prepare: () => ensureIndexes(messages, [{ key: { a: 1, from: 1, receivedAt: 1 } }]),

    /** What a number texted to an account, the newest first, before a place. */
    async ofNumber(
      a: string,
      from: string,
      before: { at: Date; id: string } | null,
      limit: number,
    ): Promise<MessageDocument[]> {
      const earlier = before && {
        receivedAt: { $lte: before.at },
        $or: [{ receivedAt: { $lt: before.at } }, { _id: { $lt: `${a}/${before.id}` } }],
      }
      return messages
        .find(
          { a, from, ...earlier },
          {
            sort: { receivedAt: -1, _id: -1 },
            limit,
            readConcern: majorityRead,
            maxTimeMS: ordinaryMaxTimeMs,
          },
        )
        .toArray()
    },

    /** Which of these numbers texted an account after a time of their own. */
    async repliedSince(a: string, asked: readonly { from: string; since: Date }[]): Promise<string[]> {
      if (asked.length === 0) return []
      const any = asked.map(({ from, since }) => ({ from, receivedAt: { $gt: since } }))
      const found = await messages
        .find(
          { a, $or: any },
          { projection: { from: 1 }, readConcern: majorityRead, maxTimeMS: ordinaryMaxTimeMs },
        )
        .toArray()
      return [...new Set(found.map(({ from }) => from))]
    },

    /** Idempotent by carrier message id: what stands stays, and the arrival is counted. */
    store: (message: InboundMessage, settlement: Settlement): Promise<void> =>
      arrivals.add({ message, settlement }),

    /**
     * What arrived, of all accounts, in order of id from after one: for `restore-epoch`, which reads it all. `last`
     * is null where the page is the last.
     */
    async page(after: string, limit: number): Promise<{ arrivals: StoredArrival[]; last: string | null }> {
      const found = await messages
        .find(
          { _id: { $gt: after } },
          { sort: { _id: 1 }, limit, readConcern: majorityRead, maxTimeMS: ordinaryMaxTimeMs },
        )
        .toArray()
      const last = found.length === limit ? (found.at(-1)?._id ?? null) : null
      return { arrivals: found.map(arrivalOf), last }
    },

    /** Of these messages to a business number of `account`, the ones that are stored. */
    async known(account: string | undefined, ids: readonly string[]): Promise<Set<string>> {
      const accounts = account === undefined ? [nobody] : [account, nobody]
      const keys = accounts.flatMap((a) => ids.map((id) => `${a}/${id}`))
      const found = await messages
        .find(
          { _id: { $in: keys }, a: { $in: accounts } },
          {
            projection: { carrierMessageId: 1 },
            readConcern: majorityRead,
            maxTimeMS: ordinaryMaxTimeMs,
          },
        )
        .toArray()
      return new Set(found.map(({ carrierMessageId }) => carrierMessageId))
    },
  }
}
export type ArrivalStore = ReturnType<typeof arrivalStore>

function upsert({ message, settlement }: Arrival) {
  const a = settlement.account ?? nobody
  const filter = { _id: `${a}/${message.id}`, a }
  const update = { $setOnInsert: told(message, settlement), $inc: { arrivals: 1 } }
  return { updateOne: { filter, update, upsert: true } }
}

function told(message: InboundMessage, { intent, outcome }: Settlement) {
  const { id, carrierAccount, from, to, text, via, receivedAt } = message
  const { optOutType, messagingService, mediaCount, sentAt } = message
  return {
    carrier: 'twilio' as const,
    carrierAccount,
    carrierMessageId: id,
    from,
    to,
    text,
    ...(optOutType === undefined ? {} : { optOutType }),
    ...(messagingService === undefined ? {} : { messagingService }),
    ...(mediaCount === undefined ? {} : { mediaCount }),
    intent,
    outcome,
    via,
    receivedAt: new Date(receivedAt),
    ...(sentAt === undefined ? {} : { sentAt: new Date(sentAt) }),
  }
}

function arrivalOf(stored: MessageDocument): StoredArrival {
  const { a, carrierAccount, carrierMessageId, from, to, text, optOutType, receivedAt, sentAt } = stored
  return {
    account: a === nobody ? null : a,
    intent: stored.intent,
    message: InboundMessage.parse({
      id: carrierMessageId,
      carrierAccount,
      from,
      to,
      text,
      ...(optOutType === undefined ? {} : { optOutType }),
      receivedAt: receivedAt.toISOString(),
      ...(sentAt === undefined ? {} : { sentAt: sentAt.toISOString() }),
      via: stored.via,
    }),
  }
}
