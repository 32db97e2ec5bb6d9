import {
  type Collection,
  type Db,
  ensureIndexes,
  majorityRead,
  majorityWrite,
  ordinaryMaxTimeMs,
} from '@heed/mongo'
import type { InboundMessage } from '../domain/inbound-message.ts'
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

/** Every text that arrived, word for word, once for each carrier message id. Kept without an end. */
export function arrivalStore(db: Db) {
  const messages: Collection<MessageDocument> = db.collection('messages')
  return {
    prepare: () => ensureIndexes(messages, [{ key: { a: 1, from: 1, receivedAt: 1 } }]),

    /** Idempotent by carrier message id: what stands stays, and the arrival is counted. */
    async store(message: InboundMessage, settlement: Settlement): Promise<void> {
      const a = settlement.account ?? nobody
      await messages.updateOne(
        { _id: `${a}/${message.id}`, a },
        { $setOnInsert: told(message, settlement), $inc: { arrivals: 1 } },
        { upsert: true, writeConcern: majorityWrite },
      )
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
