import type { Member } from '../database/node.ts'
import type { ConsentCall, History, PersonText } from '../world/history.ts'

/** One change as the database holds it at the end, folded or not. */
export interface Change {
  readonly rev: number
  readonly n: string
  readonly list: string
  readonly op: 'block' | 'lift' | 'keep'
  readonly outcome: string
  readonly src: string
  readonly at: Date
  readonly sentAt?: Date
  readonly carrierAccount?: string
  readonly texted?: true
}

export interface HeadAtEnd {
  readonly a: string
  readonly epoch: string
  readonly rev: number
  readonly folded: number
  readonly published: number
  readonly policy: unknown
  readonly recent: readonly Change[]
}

/** What stands of an account when all is over, and when each of its revs could be seen and was acknowledged. */
export interface LedgerTruth {
  readonly account: string
  readonly head: HeadAtEnd
  readonly epochs: ReadonlySet<string>
  readonly rows: readonly Change[]
  /** Rows, and what is not folded yet. */
  readonly changes: readonly Change[]
  readonly blocklist: readonly Record<string, unknown>[]
  readonly calls: ReadonlyMap<string, readonly ConsentCall[]>
  /** What people texted, by its source, as the carrier took it in. */
  readonly personTexts: ReadonlyMap<string, PersonText>
  /** The highest rev acknowledged by an instant, and the highest that could be seen. */
  ackedBy(instant: number): number
  seenBy(instant: number): number
  /** When a rev, or a later one, was first acknowledged, and when it could first be seen. */
  ackOf(rev: number): number
  seenOf(rev: number): number
  /** Who is blocked on which lists, for each stretch of revs in which that does not change. */
  timeline(number: string): readonly Stretch[]
}

export interface Stretch {
  readonly fromRev: number
  /** Empty: no list blocks. */
  readonly blocks: readonly { readonly list: string; readonly since: number; readonly rev: number }[]
  readonly key: string
}

/** Null where the account has no head, which is a violation of its own. */
export function ledgerTruth(account: string, primary: Member, history: History): LedgerTruth | null {
  const upTo = Number.POSITIVE_INFINITY
  const head = primary.get('compliance.heads', account, upTo) as unknown as HeadAtEnd | null
  if (head === null) return null
  const rows = (primary.find('compliance.ledger', { a: account }, upTo) as unknown as Change[]).sort(byRev)
  const changes = [...rows, ...head.recent.filter(({ rev }) => rev > (rows.at(-1)?.rev ?? 0))]
  const calls = Map.groupBy(
    history.calls.filter((call) => call.account === account),
    ({ source }) => source,
  )
  const acks = steps(
    [...calls.values()]
      .flat()
      .flatMap(({ answeredAt, output }) =>
        answeredAt === null ? [] : (output?.results ?? []).map(({ rev }) => ({ at: answeredAt, rev })),
      ),
  )
  const writes = history.headWrites.filter((write) => write.account === account)
  const seen = steps(writes)
  const byNumber = Map.groupBy(changes, ({ n }) => n)
  const timelines = new Map<string, Stretch[]>()
  return {
    account,
    head,
    epochs: new Set(writes.map(({ epoch }) => epoch)),
    rows,
    changes,
    blocklist: primary.find('compliance.blocklist', { a: account }, upTo),
    calls,
    personTexts: new Map(history.personTexts.map((text) => [text.id, text])),
    ackedBy: (instant) => atInstant(acks, instant),
    seenBy: (instant) => atInstant(seen, instant),
    ackOf: (rev) => acks.find((step) => step.rev >= rev)?.at ?? Number.POSITIVE_INFINITY,
    seenOf: (rev) => seen.find((step) => step.rev >= rev)?.at ?? Number.POSITIVE_INFINITY,
    timeline(number) {
      const known = timelines.get(number) ?? timelineOf(byNumber.get(number) ?? [])
      timelines.set(number, known)
      return known
    },
  }
}

const byRev = (a: { rev: number }, b: { rev: number }) => a.rev - b.rev

/** Instants at which the highest rev so far rises. */
function steps(told: readonly { at: number; rev: number }[]): { at: number; rev: number }[] {
  const rising: { at: number; rev: number }[] = []
  for (const { at, rev } of [...told].sort((a, b) => a.at - b.at)) {
    if (rev > (rising.at(-1)?.rev ?? 0)) rising.push({ at, rev })
  }
  return rising
}

function atInstant(rising: readonly { at: number; rev: number }[], instant: number): number {
  let low = 0
  let high = rising.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rising[middle]?.at ?? 0) <= instant) low = middle + 1
    else high = middle
  }
  return rising[low - 1]?.rev ?? 0
}

function timelineOf(changes: readonly Change[]): Stretch[] {
  const blocked = new Map<string, { since: number; rev: number }>()
  const stretches: Stretch[] = [{ fromRev: 0, blocks: [], key: '' }]
  for (const { rev, list, op, at } of changes) {
    if (op === 'keep') continue
    if (op === 'block') blocked.set(list, { since: blocked.get(list)?.since ?? at.getTime(), rev })
    else blocked.delete(list)
    const blocks = [...blocked].map(([name, block]) => ({ list: name, ...block }))
    stretches.push({ fromRev: rev, blocks, key: keyOf(blocks) })
  }
  return stretches
}

export const keyOf = (blocks: readonly { list: string; since: number; rev: number }[]): string =>
  blocks
    .map(({ list, since, rev }) => `${list}:${since}:${rev}`)
    .sort()
    .join('|')
