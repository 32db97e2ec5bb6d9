import { type Commitments, chainLink, chainStart, committer } from './chain.ts'
import type { Entry } from './entry.ts'

/** A ledger row: the entry, what it commits to, and the chain up to it. */
export interface LedgerRow extends Entry {
  readonly numberCommitment: string
  readonly messageCommitment: string
  readonly chain: string
}

export interface SourceEvidence {
  readonly salt: string
  readonly message?: { readonly text: string }
}

/**
 * The rows that entries become, chained to the row before the first. Every fold makes the same rows, because
 * the salts were stored before the commit. Throws for an entry whose source is missing or whose rev leaves a hole.
 */
export function ledgerRows(options: {
  accountId: string
  after: { rev: number; chain: string } | null
  entries: readonly Entry[]
  sources: ReadonlyMap<string, SourceEvidence>
}): LedgerRow[] {
  let rev = options.after?.rev ?? 0
  let chain = options.after?.chain ?? chainStart(options.accountId)
  const committers = new Map<string, (number: string) => Commitments>()
  return options.entries.map((entry) => {
    const source = options.sources.get(entry.src)
    if (!source) throw new LedgerError(`the source of rev ${entry.rev} is missing`)
    const commit = committers.get(entry.src) ?? committer(source.salt, source.message?.text ?? '')
    committers.set(entry.src, commit)
    if (entry.rev !== rev + 1) throw new LedgerError(`rev ${entry.rev} follows rev ${rev}`)
    const commitments = commit(entry.n)
    rev = entry.rev
    chain = chainLink(chain, entry, commitments)
    return { ...entry, numberCommitment: commitments.number, messageCommitment: commitments.message, chain }
  })
}

/** What cannot happen happened: the ledger and a head disagree. The account's fold stops and alarms. */
export class LedgerError extends Error {
  override name = 'LedgerError'
}

/** Whether a stored row is the row that a fold made. */
export function isSameRow(stored: LedgerRow, made: LedgerRow): boolean {
  return stored.rev === made.rev && stored.n === made.n && stored.chain === made.chain
}
