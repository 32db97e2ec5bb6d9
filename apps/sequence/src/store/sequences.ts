import { type Db, ensureIndexes, majorityRead, majorityWrite } from '@heed/mongo'
import type { AccountId } from '@heed/phone'
import { type Transition, transitionRule } from '../domain/sequence-state.ts'
import type { SequenceDocument } from './sequence-document.ts'

const durable = { writeConcern: majorityWrite } as const
const triggered = { 'triggers.keys': { $exists: true } } as const
const found = { ...durable, returnDocument: 'after' } as const

export interface SequenceRef {
  readonly a: AccountId
  readonly id: string
}

export async function openSequences(db: Db) {
  const sequences = db.collection<SequenceDocument>('sequences')
  await ensureIndexes(sequences, [
    { name: 'account', key: { a: 1, _id: -1 } },
    { name: 'ending', key: { isEnding: 1 }, sparse: true },
    { name: 'triggers', key: { a: 1, 'triggers.keys': 1 }, partialFilterExpression: triggered },
  ])
  return {
    collection: sequences,

    async insert(sequence: SequenceDocument): Promise<void> {
      await sequences.insertOne(sequence, durable)
    },

    get({ a, id }: SequenceRef): Promise<SequenceDocument | null> {
      return sequences.findOne({ _id: id, a }, { readConcern: majorityRead })
    },

    find(a: AccountId, ids: readonly string[]): Promise<SequenceDocument[]> {
      return sequences.find({ _id: { $in: [...ids] }, a }, { readConcern: majorityRead }).toArray()
    },

    /** Newest first, before the id given. */
    page(a: AccountId, before: string | null, sequencesMax: number): Promise<SequenceDocument[]> {
      return sequences
        .find({ a, ...(before === null ? {} : { _id: { $lt: before } }) }, { readConcern: majorityRead })
        .sort({ _id: -1 })
        .limit(sequencesMax)
        .toArray()
    },

    /** One conditional write of state and lane together; null where the state does not allow it. */
    async move({ a, id }: SequenceRef, transition: Transition, now: Date): Promise<SequenceDocument | null> {
      const { from, to, open } = transitionRule(transition)
      const set = {
        state: to,
        'lane.open': open,
        ...(to === 'cancelled' ? { cancelledAt: now, isEnding: true as const } : {}),
      }
      const filter = { _id: id, a, state: { $in: [...from] } }
      return sequences.findOneAndUpdate(filter, { $set: set } as object, found)
    },

    /** An account's sequences that a tag enrols in, without the cancelled ones; bounded by `triggeredMax` when they are made. */
    triggered(a: AccountId): Promise<SequenceDocument[]> {
      return sequences
        .find({ a, ...triggered, state: { $ne: 'cancelled' } }, { readConcern: majorityRead })
        .toArray()
    },

    /** Accounts that have such sequences, in order, after the one given. */
    async triggeredAccounts(after: string, accountsMax: number): Promise<AccountId[]> {
      const found = await sequences
        .find({ a: { $gt: after as AccountId }, ...triggered }, { projection: { a: 1 }, hint: 'triggers' })
        .sort({ a: 1 })
        .limit(accountsMax)
        .toArray()
      return found.map(({ a }) => a)
    },

    ending(sequencesMax: number): Promise<SequenceDocument[]> {
      return sequences.find({ isEnding: true }).limit(sequencesMax).toArray()
    },

    async ended({ a, id }: SequenceRef): Promise<void> {
      await sequences.updateOne({ _id: id, a }, { $unset: { isEnding: true } } as object, durable)
    },
  }
}

export type Sequences = Awaited<ReturnType<typeof openSequences>>
