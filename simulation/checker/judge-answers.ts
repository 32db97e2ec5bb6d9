import type { History } from '../world/history.ts'
import { between, keyOf, type LedgerTruth } from './ledger-truth.ts'
import type { Report } from './report.ts'

/**
 * Every answer of `clearance.check` is of a state that the authority was in between the request's arrival and the
 * answer (E2): no older than what was acknowledged before, and exactly what the ledger makes of each number.
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
        verdict.reasons.map(({ list, since, rev }) => ({ list, since: Date.parse(since), rev })),
      )
      const possible = between(truth.timeline(number), answer.rev, Math.max(seen, answer.rev))
      if (!possible.some((stretch) => stretch.key === key))
        report(
          'E2',
          `${where}, says [${key}] of ${number}; the ledger says [${possible.map((one) => one.key).join('] or [')}]`,
        )
      if (verdict.allowed !== (verdict.reasons.length === 0))
        report('E2', `${where}, is not what its reasons say`)
    })
  }
}
