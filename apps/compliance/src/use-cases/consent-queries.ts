import type { AccountId, Epoch, PhoneNumber } from '@heed/phone'
import { DomainError } from '@heed/rpc'
import type { z } from 'zod'
import type { BlockState, Entry } from '../domain/entry.ts'
import { stateKey } from '../domain/fold.ts'
import type {
  ChangesInput,
  ChangesOutput,
  HistoryInput,
  HistoryOutput,
  ListInput,
  ListOutput,
  NumberStatus,
  StatusInput,
  StatusOutput,
} from '../schemas/consent.ts'
import type { Head } from '../store/heads.ts'
import type { SourceRecord } from '../store/sources.ts'
import type { ConsentStores } from '../store/stores.ts'
import { type AccountState, safeRead } from './safe-read.ts'

export interface QueryDeps {
  readonly stores: ConsentStores
  readonly fold: (accountId: string) => Promise<void>
}

export const consentStatus =
  ({ stores }: QueryDeps) =>
  async ({ accountId, numbers }: z.infer<typeof StatusInput>): Promise<z.infer<typeof StatusOutput>> => {
    const known = (await safeRead(stores, new Map([[accountId, new Set(numbers)]]))).get(accountId)
    if (!known) throw new DomainError('unknown-account')
    const states = numbers.map((number) => statesOf(number, known))
    const srcs = states
      .flat()
      .flatMap(({ sinceSource, sources }) => [sinceSource, ...sources.map(({ src }) => src)])
    const evidence = await stores.sources.find(accountId, srcs)
    return numbers.map((number, at) => statusOf(number, states[at] ?? [], known.head, evidence))
  }

function statesOf(number: string, { head, states }: AccountState): BlockState[] {
  return head.lists.flatMap((list) => states.get(stateKey(number, list)) ?? [])
}

function statusOf(
  number: PhoneNumber,
  states: readonly BlockState[],
  { epoch }: Head,
  evidence: ReadonlyMap<string, SourceRecord>,
): z.infer<typeof NumberStatus> {
  const own = states.find(({ list }) => list === 'own')
  const turnedBy = own && evidence.get(own.sinceSource)
  return {
    number,
    state: own ? (own.blocked ? 'out' : 'in') : 'never',
    since: own?.since.toISOString() ?? null,
    cause: turnedBy?.cause ?? null,
    actor: turnedBy?.actor ?? null,
    rev: own?.rev ?? null,
    blocks: states.filter(({ blocked }) => blocked).map((state) => blockOf(state, epoch as Epoch, evidence)),
  }
}

function blockOf(state: BlockState, epoch: Epoch, evidence: ReadonlyMap<string, SourceRecord>) {
  const turnedBy = evidence.get(state.sinceSource)
  return {
    list: state.list,
    since: state.since.toISOString(),
    cause: turnedBy?.cause ?? 'unknown',
    ...(turnedBy?.actor ? { actor: turnedBy.actor } : {}),
    epoch,
    rev: state.rev,
    sources: state.sources.map(({ src }) => src),
    holders: state.sources.map(({ src, sentAt, carrierAccount }) => {
      const carrierMessageId = evidence.get(src)?.message?.carrierMessageId
      return {
        source: src,
        ...(sentAt ? { sentAt: sentAt.toISOString() } : {}),
        ...(carrierAccount ? { carrierAccount } : {}),
        ...(carrierMessageId ? { carrierMessageId } : {}),
      }
    }),
    held: state.held,
  }
}

/** Folds first, so that the ledger holds what was acknowledged before the call. */
export const consentHistory =
  ({ stores, fold }: QueryDeps) =>
  async ({
    accountId,
    number,
    after,
    limit,
  }: z.infer<typeof HistoryInput>): Promise<z.infer<typeof HistoryOutput>> => {
    await foldKnown({ stores, fold }, accountId)
    const rows = await stores.ledger.byNumber(accountId, number, after ?? 0, limit ?? 100)
    const evidence = await stores.sources.find(
      accountId,
      rows.map(({ src }) => src),
    )
    return rows.map((row) => {
      const source = evidence.get(row.src)
      return {
        rev: row.rev,
        list: row.list,
        op: row.op,
        outcome: row.outcome,
        source: row.src,
        cause: source?.cause ?? 'unknown',
        at: row.at.toISOString(),
        sentAt: row.sentAt?.toISOString() ?? null,
        businessNumber: (source?.businessNumber ?? null) as PhoneNumber | null,
        actor: source?.actor ?? null,
        note: source?.note ?? null,
        message: source?.message
          ? { ...source.message, receivedAt: source.message.receivedAt.toISOString() }
          : null,
        chain: row.chain,
      }
    })
  }

export const consentChanges =
  ({ stores }: QueryDeps) =>
  async ({
    accountId,
    after,
    limit = 500,
  }: z.infer<typeof ChangesInput>): Promise<z.infer<typeof ChangesOutput>> => {
    const head = await stores.heads.readMajority(accountId)
    if (!head) throw new DomainError('unknown-account')
    const folded: readonly Entry[] =
      after < head.folded ? await stores.ledger.after(accountId, after, limit) : []
    const last = folded.at(-1)?.rev ?? after
    const recent = last >= head.folded ? head.recent.filter(({ rev }) => rev > last) : []
    const entries = [...folded, ...recent].slice(0, limit)
    const evidence = await stores.sources.find(
      accountId,
      entries.map(({ src }) => src),
    )
    return {
      epoch: head.epoch as Epoch,
      rev: head.rev,
      changes: entries.map((entry) => {
        const source = evidence.get(entry.src)
        return {
          rev: entry.rev,
          number: entry.n as PhoneNumber,
          list: entry.list,
          op: entry.op,
          cause: source?.cause ?? 'unknown',
          ...(entry.sentAt ? { sentAt: entry.sentAt.toISOString() } : {}),
          at: entry.at.toISOString(),
          ...(source?.businessNumber ? { businessNumber: source.businessNumber as PhoneNumber } : {}),
          source: entry.src,
        }
      }),
    }
  }

export const consentList =
  ({ stores, fold }: QueryDeps) =>
  async ({
    accountId,
    list,
    cursor,
    limit = 100,
  }: z.infer<typeof ListInput>): Promise<z.infer<typeof ListOutput>> => {
    await foldKnown({ stores, fold }, accountId)
    const [n, afterList] = cursor?.split('/') ?? []
    const after = n && afterList ? { after: { n, list: afterList } } : {}
    const rows = await stores.blocklist.page(accountId, { ...(list ? { list } : {}), ...after, limit })
    const last = rows.at(-1)
    return {
      rows: rows.map((row) => ({
        number: row.n as PhoneNumber,
        list: row.list,
        since: row.since.toISOString(),
        rev: row.rev,
      })),
      nextCursor: last && rows.length === limit ? stateKey(last.n, last.list) : null,
    }
  }

async function foldKnown({ stores, fold }: QueryDeps, accountId: AccountId): Promise<void> {
  if (!(await stores.heads.readMajority(accountId))) throw new DomainError('unknown-account')
  await fold(accountId)
}
