import type { ConsentCall } from '../world/history.ts'
import type { Change, LedgerTruth } from './ledger-truth.ts'
import type { Report } from './report.ts'

/** What was answered stands in the ledger for good (E7), a repeat gets the first answer, one confirmation (E4). */
export function judgeCalls(truth: LedgerTruth, report: Report): void {
  const byRev = new Map(truth.changes.map((change) => [change.rev, change]))
  for (const [source, calls] of truth.calls) {
    let confirmations = 0
    for (const call of calls) {
      if (call.output === null) continue
      if (!truth.epochs.has(call.output.epoch))
        report('E7', `${truth.account}: ${source} was answered of an epoch that never was`)
      if (call.output.epoch !== truth.head.epoch) continue
      if (call.kind === 'opt-out' && call.output.reply !== null) confirmations += 1
      judgeCall(truth.account, call, byRev, report)
    }
    if (confirmations > 1) report('E4', `${truth.account}: ${source} was confirmed ${confirmations} times`)
  }
}

function judgeCall(
  account: string,
  call: ConsentCall,
  byRev: ReadonlyMap<number, Change>,
  report: Report,
): void {
  const where = `${account}: the answer to ${call.source} at ${call.answeredAt?.toFixed(1)}`
  for (const { number, list, outcome, rev } of call.output?.results ?? []) {
    const change = byRev.get(rev)
    if (change === undefined || change.src !== call.source || change.n !== number) {
      report('E7', `${where} names rev ${rev}, which is not its own`)
      continue
    }
    if (call.kind === 'opt-out' && change.list !== call.list)
      report('E3', `${where} is for ${call.list}, and what stands is on ${change.list}`)
    if (call.kind === 'opt-out' && (change.list !== list || change.outcome !== outcome))
      report('E4', `${where} says ${outcome} on ${list}, the ledger ${change.outcome} on ${change.list}`)
  }
  const told = new Set(call.output?.results.map(({ number }) => number))
  for (const number of call.numbers) if (!told.has(number)) report('E7', `${where} lacks a number`)
}
