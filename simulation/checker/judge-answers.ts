import { type History, sharedList } from '../world/history.ts'
import { keyOf, type LedgerTruth } from './ledger-truth.ts'
import type { Report } from './report.ts'

/**
 * Every answer of `clearance.check` is of a state that the authority was in between the request's arrival and the
 * answer (E2): no older than what was acknowledged before, and just what the ledger makes of each number at its rev.
 */
export function judgeAnswers(
  truths: ReadonlyMap<string, LedgerTruth>,
  history: History,
  report: Report,
): void {
  for (const { account, numbers, answer, arrivedAt, answeredAt } of history.checks) {
    if ('error' in answer) continue
    const truth = truths.get(account)
    if (truth === undefined || answer.epoch !== truth.head.epoch) continue
    const where = `the answer to ${account} at ${answeredAt.toFixed(1)}, of rev ${answer.rev}`
    const acknowledged = truth.ackedBy(arrivedAt)
    if (answer.rev < acknowledged)
      report('E2', `${where}, is older than rev ${acknowledged}, acknowledged before it was asked for`)
    const seen = truth.seenBy(answeredAt)
    if (answer.rev > seen) report('E2', `${where}, is of a rev that nobody had committed`)
    numbers.forEach((number, index) => {
      const verdict = answer.verdicts[index]
      if (verdict === undefined) {
        report('E2', `${where}, lacks a number`)
        return
      }
      const key = keyOf(
        verdict.reasons
          .filter(({ list }) => list !== sharedList)
          .map(({ list, since, rev }) => ({ list, since: Date.parse(since), rev })),
      )
      const expected = truth.timeline(number).findLast(({ fromRev }) => fromRev <= answer.rev)?.key
      if (key !== expected)
        report('E2', `${where}, says [${key}] of ${number}; the ledger says [${expected}]`)
      if (verdict.allowed !== (verdict.reasons.length === 0))
        report('E2', `${where}, is not what its reasons say`)
    })
  }
}
