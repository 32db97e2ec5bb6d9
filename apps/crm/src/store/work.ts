import { type Db, ensureIndexes, isDuplicateKey, majorityRead, majorityWrite } from '@heed/mongo'
import type { AccountId } from '@heed/phone'

/** What is to be done at a CRM, or because of it. */
export type Task =
  /** Tell it how a number stands. */
  | {
      readonly kind: 'write-state'
      readonly number: string
      readonly state: 'out' | 'in'
      readonly since: string
    }
  /** HubSpot says that one of its contacts wants no texts. */
  | {
      readonly kind: 'hear-opt-out'
      readonly objectId: string
      readonly eventId: string
      readonly at: string
    }
  /** A workflow waits for what becomes of a text. */
  | {
      readonly kind: 'complete-action'
      readonly callbackId: string
      readonly messageId: string
      readonly until: Date
    }

/** Somebody was enrolled: kept, so that a repeated call does it once. */
type Enrolment = { readonly kind: 'enrol'; readonly sequenceId: string }

export interface WorkDocument {
  readonly _id: string
  readonly a: AccountId
  readonly link: string
  readonly task: Task
  /** Orders what is told of one number: a change of an older rev never replaces a newer one. */
  readonly rank: { readonly epoch: string; readonly rev: number } | null
  /** Counts how often the task was replaced, so that a worker ends only what it has done. */
  readonly turn: number
  /** There while something is to be done. */
  readonly dueAt?: Date
  readonly failures: number
  /** What became of it, and of what it failed last; never with a number in it. */
  readonly outcome: string | null
  readonly createdAt: Date
}

export type NewWork = Pick<WorkDocument, '_id' | 'a' | 'link' | 'task'> & {
  readonly rank?: { readonly epoch: string; readonly rev: number }
  readonly dueAt: Date
}

const durable = { writeConcern: majorityWrite } as const
/** How long a worker has for one task before another takes it. */
const leaseMs = 60_000

export async function openWork(db: Db) {
  const work = db.collection<WorkDocument>('work')
  const done = db.collection<Omit<WorkDocument, 'task'> & { readonly task: Enrolment }>('work')
  await ensureIndexes(work, [
    { name: 'due', key: { dueAt: 1 }, sparse: true },
    { name: 'link', key: { a: 1, link: 1, dueAt: 1 } },
  ])
  return {
    /** Once for each id: what is there stays. Durable when it resolves. */
    async add({ _id, a, dueAt, ...rest }: NewWork, now: Date): Promise<void> {
      const made = {
        ...rest,
        rank: rest.rank ?? null,
        dueAt,
        turn: 1,
        failures: 0,
        outcome: null,
        createdAt: now,
      }
      await work.updateOne({ _id, a }, { $setOnInsert: made }, { upsert: true, ...durable }).catch(known)
    },

    /** What became of it; null where nothing did. */
    async outcome({ _id, a }: Pick<NewWork, '_id' | 'a'>): Promise<string | null> {
      return (await work.findOne({ _id, a }, { readConcern: majorityRead }))?.outcome ?? null
    },

    /** Keeps what was done already; what is there stays. */
    async record(
      { _id, a, ...rest }: Pick<NewWork, '_id' | 'a' | 'link'> & { task: Enrolment; outcome: string },
      now: Date,
    ): Promise<void> {
      const made = { ...rest, rank: null, turn: 1, failures: 0, createdAt: now }
      await done.updateOne({ _id, a }, { $setOnInsert: made }, { upsert: true, ...durable }).catch(known)
    },

    /** Replaces what was to be told before, unless that is newer or the same. */
    async replace({ _id, a, link, task, rank, dueAt }: NewWork, now: Date): Promise<void> {
      const older = rank && {
        $or: [
          { 'rank.epoch': { $ne: rank.epoch } },
          { 'rank.rev': { $lt: rank.rev } },
          // A link that is made anew tells again what was not taken.
          { outcome: /^(refused|link-closed)/ },
        ],
      }
      const set = { $set: { link, task, rank: rank ?? null, dueAt, failures: 0 }, $inc: { turn: 1 } }
      const made = { $setOnInsert: { outcome: null, createdAt: now } }
      await work
        .updateOne({ _id, a, ...older }, { ...set, ...made }, { upsert: true, ...durable })
        .catch(known)
    },

    /** Takes the task that has been due longest; it is this worker's for a minute. */
    claim: (now: Date): Promise<WorkDocument | null> =>
      work.findOneAndUpdate(
        { dueAt: { $lte: now } },
        { $set: { dueAt: new Date(now.getTime() + leaseMs) }, $inc: { failures: 1 } },
        { sort: { dueAt: 1 }, returnDocument: 'after', ...durable },
      ),

    async end({ _id, a, turn }: WorkDocument, outcome: string): Promise<void> {
      await work.updateOne({ _id, a, turn }, { $unset: { dueAt: true }, $set: { outcome } }, durable)
    },

    async tryAgain({ _id, a, turn }: WorkDocument, dueAt: Date, outcome: string): Promise<void> {
      await work.updateOne({ _id, a, turn }, { $set: { dueAt, outcome } }, durable)
    },

    /** How much waits at a link, and of what the one failed that has waited longest; at most 1,000 are counted. */
    async waiting(a: AccountId, link: string): Promise<{ count: number; lastError: string | null }> {
      const due = { a, link, dueAt: { $exists: true } }
      const count = await work.countDocuments(due, { limit: 1_000, readConcern: majorityRead })
      const failed = await work.findOne({ ...due, outcome: { $ne: null } }, { projection: { outcome: 1 } })
      return { count, lastError: failed?.outcome ?? null }
    },
  }
}
export type Work = Awaited<ReturnType<typeof openWork>>

/** Somebody else made the same in that instant, or what is there is newer: it stands. */
function known(error: unknown): void {
  if (!isDuplicateKey(error)) throw error
}
