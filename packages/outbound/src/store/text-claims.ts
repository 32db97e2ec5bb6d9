import { type Collection, majorityRead, majorityWrite } from '@heed/mongo'
import type { AccountId } from '@heed/phone'
import { byId, type ClaimedText, claimKey, type StoredText } from './text-document.ts'

export interface LaneId {
  readonly a: AccountId
  readonly lane: string
}

export interface ClaimRequest extends LaneId {
  /** Names this batch; never used twice. */
  readonly claim: string
  readonly textsMax: number
  /** The server's time. */
  readonly now: Date
}

/**
 * A claim may be lost with a primary: then its intent misses and another worker claims again. So it is not
 * awaited from a majority; the intent is.
 */
const claimWrite = { writeConcern: { w: 1 }, ...byId } as const
const durable = { writeConcern: majorityWrite, ...byId } as const
/** By the server's clock, which all workers share. */
const leasedNow = { $currentDate: { leasedAt: true } } as const

/** Who holds a text: the part of a store that makes any number of workers share the texts. */
export function textClaims(texts: Collection<StoredText>) {
  return {
    /** Takes texts that are due, the earliest first. Those that another worker takes meanwhile are not among them. */
    async claim({ a, lane, claim, textsMax, now }: ClaimRequest): Promise<ClaimedText[]> {
      const due = await texts
        .find({ a, lane, state: 'ready', dueAt: { $lte: now } }, { projection: claimedFields })
        .sort({ dueAt: 1, _id: 1 })
        .limit(textsMax)
        .toArray()
      if (due.length === 0) return []
      const these = { _id: { $in: due.map(({ _id }) => _id) }, a }
      const taken = {
        $set: { state: 'claimed', claim, hasIntent: false },
        $inc: { fence: 1 },
        ...leasedNow,
      } as const
      const { modifiedCount } = await texts.updateMany({ ...these, state: 'ready' }, taken, claimWrite)
      if (modifiedCount === due.length) return due.map((text) => ({ ...text, claim, fence: text.fence + 1 }))
      const local = { projection: claimedFields, readConcern: { level: 'local' }, ...byId } as const
      const mine = await texts
        .find({ ...these, claim }, local)
        .sort({ dueAt: 1, _id: 1 })
        .toArray()
      return mine.map((text) => ({ ...text, claim }))
    },

    /** Keeps texts in their worker's hands for another lease. */
    async extend(held: readonly ClaimedText[]): Promise<void> {
      if (held.length > 0) await texts.updateMany(ownedBy(held), leasedNow, claimWrite)
    },

    /**
     * Gives back texts that were not handed over; no attempt is spent. An intent that was perhaps recorded is
     * taken back with them. `heldBy` names the rule that they wait for until `dueAt`, where one does.
     */
    async release(held: readonly ClaimedText[], dueAt: Date, heldBy?: string): Promise<void> {
      if (held.length === 0) return
      await texts.updateMany(
        { ...ownedBy(held), state: { $in: ['claimed', 'sending'] } },
        {
          $set: { state: 'ready', dueAt, hasIntent: false, ...(heldBy ? { heldBy } : {}) },
          $unset: { claim: true, leasedAt: true, ...(heldBy ? {} : { heldBy: true }) },
        },
        durable,
      )
    },

    /**
     * Records that these texts are about to be handed over, acknowledged by a majority, before they are. Returns
     * those for which it stands, by `claimKey`; another has lost its claim and must not be sent.
     */
    async recordIntents(held: readonly ClaimedText[]): Promise<ReadonlySet<string>> {
      const blank = { epoch: null, rev: null, gatedAt: null, writtenAt: null }
      const intent = { $set: { state: 'sending', hasIntent: true, ...blank } } as const
      const claimed = { ...ownedBy(held), state: 'claimed' as const }
      const { matchedCount } = await texts.updateMany(claimed, intent, durable)
      if (matchedCount === held.length) return new Set(held.map(claimKey))
      const standing = await texts
        .find(
          { ...ownedBy(held), state: 'sending', hasIntent: true },
          { projection: { claim: 1 }, readConcern: majorityRead, ...byId },
        )
        .toArray()
      return new Set(standing.map(({ _id, claim = '' }) => claimKey({ _id, claim })))
    },
  }
}

export function distinctLanes(found: readonly LaneId[]): LaneId[] {
  return [...new Map(found.map(({ a, lane }) => [`${a}/${lane}`, { a, lane }])).values()]
}

/**
 * Just these texts under just these claims. A process may hold a text under a claim that it lost with a primary and
 * under a later one: what is done for the one must not touch the other.
 */
function ownedBy(held: readonly ClaimedText[]) {
  const ids = (texts: readonly ClaimedText[]) => ({ $in: texts.map(({ _id }) => _id) })
  const these = { _id: ids(held), a: { $in: accountsOf(held) } }
  const claims = [...Map.groupBy(held, ({ claim }) => claim)]
  const [first] = claims
  if (first && claims.length === 1) return { ...these, claim: first[0] }
  return { ...these, $or: claims.map(([claim, texts]) => ({ claim, _id: ids(texts) })) }
}

export function accountsOf(texts: readonly Pick<StoredText, 'a'>[]): AccountId[] {
  return [...new Set(texts.map(({ a }) => a))]
}

const claimedFields = {
  a: 1,
  lane: 1,
  owner: 1,
  number: 1,
  contactId: 1,
  from: 1,
  origin: 1,
  text: 1,
  segments: 1,
  sendWindows: 1,
  place: 1,
  attempts: 1,
  fence: 1,
} as const
