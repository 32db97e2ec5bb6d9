import type { AccountId, Epoch, PhoneNumber } from '@heed/phone'
import { DomainError } from '@heed/rpc'
import type { z } from 'zod'
import type { BlockState } from '../domain/entry.ts'
import { stateKey } from '../domain/fold.ts'
import { isInferred, ruleOf } from '../domain/inferred.ts'
import type {
  ConfirmReviewInput,
  ConfirmReviewOutput,
  ReviewsInput,
  ReviewsOutput,
  UndoReviewInput,
  UndoReviewOutput,
} from '../schemas/reviews.ts'
import type { Review, ReviewStore } from '../store/reviews.ts'
import type { SourceRecord } from '../store/sources.ts'
import type { ConsentStores } from '../store/stores.ts'
import { type ConsentDeps, sourceRecord } from './opt-out.ts'
import { type AccountState, safeRead } from './safe-read.ts'

export type ReviewDeps = Pick<ConsentDeps, 'commits' | 'clock' | 'randomHex' | 'known'> & {
  readonly stores: ConsentStores
}

const list = 'own'

/** Opt-outs that were read from free text, oldest first, each with the words and the block that stands now. */
export const listReviews =
  ({ stores, known }: ReviewDeps) =>
  async (input: z.infer<typeof ReviewsInput>): Promise<z.infer<typeof ReviewsOutput>> => {
    const { accountId, state = 'open', cursor, limit = 50 } = input
    await known.require(accountId)
    const after = cursor === undefined ? null : readCursor(cursor)
    const found = await stores.reviews.page(accountId, { state, limit, ...(after ? { after } : {}) })
    const [account, evidence] = await Promise.all([
      stateOf(
        stores,
        accountId,
        found.map(({ n }) => n),
      ),
      stores.sources.find(
        accountId,
        found.map(({ src }) => src),
      ),
    ])
    const holders = await stores.sources.find(
      accountId,
      found.flatMap(({ n }) => ownBlock(account, n)?.sources.map(({ src }) => src) ?? []),
    )
    const last = found.at(-1)
    return {
      rows: found.map((review) =>
        rowOf(review, evidence.get(review.src), blockOf(account, review.n, holders)),
      ),
      nextCursor: last && found.length === limit ? `${last.openedAt.getTime()}/${last.src}` : null,
    }
  }

/** Somebody has read it and says that it was meant. The block stands as it did. */
export const confirmReview =
  ({ stores: { reviews }, clock, known }: ReviewDeps) =>
  async (input: z.infer<typeof ConfirmReviewInput>): Promise<z.infer<typeof ConfirmReviewOutput>> => {
    const { accountId, source, actor, note } = input
    await known.require(accountId)
    const decision = { decidedAt: new Date(clock.now()), decidedBy: actor, ...(note ? { note } : {}) }
    await reviews.decide(accountId, source, { state: 'confirmed', ...decision })
    const { state } = await requireReview(reviews, accountId, source)
    if (state !== 'confirmed') throw new DomainError('wrong-state')
    return { state }
  }

/**
 * Lifts the block of a text that was misheard, by a change of its own in the ledger. Only a block that free text alone
 * holds, and only the one that was seen: what the person said since stands. Repeated, it gives its first answer.
 */
export const undoReview =
  (deps: ReviewDeps) =>
  async (input: z.infer<typeof UndoReviewInput>): Promise<z.infer<typeof UndoReviewOutput>> => {
    const { accountId, source, actor, note, basis } = input
    const { stores, commits, clock } = deps
    const { reviews } = stores
    await deps.known.require(accountId)
    const review = await requireReview(reviews, accountId, source)
    if (review.state === 'confirmed') throw new DomainError('wrong-state')
    if (review.state === 'open') await requireInferred(stores, accountId, review.n)
    const src = `undo:${source}`.slice(0, 100)
    const record = sourceRecord({ cause: 'review-undo', source: src, actor, note }, deps)
    const how = { by: 'hand', list, epoch: basis.epoch, rev: basis.rev } as const
    const change = { kind: 'opt-in', src, numbers: [review.n], how } as const
    const { epoch, decisions } = await commits.submit(accountId, { change, source: record }, 'live')
    const entry = decisions[0]?.entry
    if (!entry) throw new Error('an opt-in was decided by nothing')
    const outcome = entry.outcome as z.infer<typeof UndoReviewOutput>['outcome']
    if (outcome !== 'stale') {
      const decision = { decidedAt: new Date(clock.now()), decidedBy: actor, note }
      await reviews.decide(accountId, source, { state: 'undone', ...decision })
    }
    return { outcome, state: outcome === 'stale' ? 'open' : 'undone', epoch: epoch as Epoch, rev: entry.rev }
  }

async function requireReview(reviews: ReviewStore, accountId: AccountId, source: string): Promise<Review> {
  const review = await reviews.find(accountId, source)
  if (!review) throw new DomainError('unknown-review')
  return review
}

/** A person's STOP by keyword is theirs to lift, also where free text of theirs holds the number as well. */
async function requireInferred(stores: ConsentStores, accountId: AccountId, n: string): Promise<void> {
  const account = await stateOf(stores, accountId, [n])
  const block = ownBlock(account, n)
  if (!block) return
  const holders = await stores.sources.find(
    accountId,
    block.sources.map(({ src }) => src),
  )
  if (!isHeldByInference(block, holders)) throw new DomainError('texted-opt-out')
}

async function stateOf(stores: ConsentStores, accountId: AccountId, numbers: readonly string[]) {
  if (numbers.length === 0) return undefined
  return (await safeRead(stores, new Map([[accountId, new Set(numbers)]]))).get(accountId)
}

function ownBlock(account: AccountState | undefined, n: string): BlockState | undefined {
  const state = account?.states.get(stateKey(n, list))
  return state?.blocked ? state : undefined
}

function isHeldByInference(block: BlockState, holders: ReadonlyMap<string, SourceRecord>): boolean {
  const isKnown = block.held === block.sources.length
  return isKnown && block.sources.every(({ src }) => isInferred(holders.get(src)?.cause ?? ''))
}

function blockOf(account: AccountState | undefined, n: string, holders: ReadonlyMap<string, SourceRecord>) {
  const block = ownBlock(account, n)
  if (!account || !block) return null
  const { rev, since } = block
  const isInferred = isHeldByInference(block, holders)
  return { epoch: account.head.epoch as Epoch, rev, since: since.toISOString(), isInferred }
}

function rowOf(
  { src, n, state, openedAt, decidedAt, decidedBy, note }: Review,
  source: SourceRecord | undefined,
  block: ReturnType<typeof blockOf>,
): z.infer<typeof ReviewsOutput>['rows'][number] {
  return {
    source: src,
    number: n as PhoneNumber,
    state,
    rule: ruleOf(source?.cause ?? ''),
    text: source?.message?.text ?? null,
    openedAt: openedAt.toISOString(),
    block,
    decidedAt: decidedAt?.toISOString() ?? null,
    decidedBy: decidedBy ?? null,
    note: note ?? null,
  }
}

function readCursor(cursor: string): { openedAt: Date; src: string } {
  const [, ms = '', src = ''] = /^(\d{1,15})\/(.+)$/.exec(cursor) ?? []
  if (ms === '') throw new DomainError('bad-request')
  return { openedAt: new Date(Number(ms)), src }
}
