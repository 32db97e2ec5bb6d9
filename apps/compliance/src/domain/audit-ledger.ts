import { chainLink, chainStart, commitmentsOf } from './chain.ts'
import type { BlockState } from './entry.ts'
import { applyEntry, stateKey } from './fold.ts'
import type { LedgerRow, SourceEvidence } from './ledger-rows.ts'

/**
 * Walks an account's ledger in order of rev and says what is wrong with it: a hole, a broken chain, a row that does
 * not match its evidence, a source that decided twice. Evidence that was erased cannot be compared, and need not be:
 * the chain is over the commitments.
 */
export function ledgerAudit(accountId: string) {
  let rev = 0
  let chain = chainStart(accountId)
  const states = new Map<string, BlockState>()
  const decided = new Set<string>()
  const faults: string[] = []

  return {
    row(row: LedgerRow, source: SourceEvidence | undefined): void {
      if (row.rev !== rev + 1) faults.push(`rev ${row.rev} follows rev ${rev}`)
      const commitments = { number: row.numberCommitment, message: row.messageCommitment }
      if (chainLink(chain, row, commitments) !== row.chain) faults.push(`the chain breaks at rev ${row.rev}`)
      if (source) {
        const made = commitmentsOf(source.salt, row.n, source.message?.text ?? '')
        if (made.number !== commitments.number)
          faults.push(`rev ${row.rev} names another number than it committed to`)
        if (made.message !== commitments.message)
          faults.push(`the message of rev ${row.rev} is not the one received`)
      }
      const decision = `${stateKey(row.n, row.list)}/${row.src}`
      if (decided.has(decision)) faults.push(`rev ${row.rev} repeats a decision of its source`)
      decided.add(decision)
      const key = stateKey(row.n, row.list)
      const next = applyEntry(states.get(key) ?? null, row)
      if (next) states.set(key, next)
      rev = row.rev
      chain = row.chain
    },

    /** Compares what the ledger makes of each number with the blocklist's rows. */
    end(head: { rev: number; folded: number }, rows: Iterable<BlockState>) {
      if (rev < head.folded) faults.push(`the ledger ends at rev ${rev}, the head says ${head.folded}`)
      if (rev > head.rev) faults.push(`the ledger goes on to rev ${rev}, the head ends at ${head.rev}`)
      let blocked = 0
      for (const row of rows) {
        const key = stateKey(row.n, row.list)
        const state = states.get(key)
        if (!state || state.rev !== row.rev || state.blocked !== row.blocked || state.held !== row.held) {
          faults.push(`the blocklist's row of rev ${row.rev} is not what the ledger makes of it`)
        }
        states.delete(key)
        if (row.blocked) blocked += 1
      }
      for (const state of states.values()) faults.push(`rev ${state.rev} is missing from the blocklist`)
      return { rows: rev, blocked, faults }
    },
  }
}
