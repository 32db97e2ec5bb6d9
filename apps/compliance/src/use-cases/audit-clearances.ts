import type { AuditedClearance, AuditFinding, AuditInput, AuditOutput } from '@heed/clearance'
import type { Entry } from '../domain/entry.ts'
import { judgeClearance } from '../domain/judge-clearance.ts'
import type { Head } from '../store/heads.ts'
import type { ConsentStores } from '../store/stores.ts'

const pageSize = 500

/**
 * Judges clearances that senders used, by the ledger alone: neither the blocklist nor a safe read has a part in it,
 * so that a mistake of theirs shows. One after another, because nothing waits for it.
 */
export const auditClearances =
  ({ stores }: { stores: ConsentStores }) =>
  async ({ clearances }: AuditInput): Promise<AuditOutput> => {
    const findings: AuditFinding[] = []
    for (const clearance of clearances) findings.push(await audit(stores, clearance))
    return findings
  }

function audit(stores: ConsentStores, clearance: AuditedClearance): Promise<AuditFinding> {
  const { accountId, number } = clearance
  return stores.session(async (session) => {
    const head = await stores.heads.readMajority(accountId, session)
    if (!head) return 'unknowable'
    const folded: Entry[] = []
    for (let after: number | undefined = 0; after !== undefined; ) {
      const page: Entry[] = await stores.ledger.byNumber(accountId, number, after, pageSize, session)
      folded.push(...page)
      after = page.length === pageSize ? page.at(-1)?.rev : undefined
    }
    const asked = { ...clearance, gatedAt: new Date(clearance.gatedAt) }
    return judgeClearance(asked, head, withRecent(folded, head, number))
  })
}

/** What was folded between the two reads is in both. */
function withRecent(folded: readonly Entry[], head: Head, number: string): Entry[] {
  const last = folded.at(-1)?.rev ?? 0
  return [...folded, ...head.recent.filter(({ n, rev }) => n === number && rev > last)]
}
