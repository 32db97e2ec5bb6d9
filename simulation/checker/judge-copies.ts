import type { Copy } from '../processes/subscriber.ts'
import type { LedgerTruth } from './ledger-truth.ts'
import type { Report } from './report.ts'

/** E11: a subscriber that follows the rule holds, in the end, what the ledger's blocks and lifts make. */
export function judgeCopy({ account, head, changes }: LedgerTruth, copy: Copy, report: Report): void {
  const { epoch, rev, standing } = copy
  if (epoch !== head.epoch || rev !== head.rev) {
    report('E11', `${account}: a subscriber is at rev ${rev}, the ledger at ${head.rev}`)
    return
  }
  const expected = new Map<string, string>()
  for (const { n, list, op, rev } of changes)
    if (op !== 'keep') expected.set(`${n} ${list}`, `${op} at ${rev}`)
  for (const key of new Set([...expected.keys(), ...standing.keys()])) {
    const [kept, told] = [standing.get(key), expected.get(key)]
    if (kept !== told) report('E11', `${account}: a subscriber holds ${kept} where the ledger says ${told}`)
  }
}
