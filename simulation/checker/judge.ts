import type { Run } from '../scenario/run-seed.ts'
import { recoveredWithinMs } from './bound.ts'
import { judgeAnswers } from './judge-answers.ts'
import { judgeCalls } from './judge-calls.ts'
import { judgeCopy } from './judge-copies.ts'
import { judgeFirstBytes } from './judge-first-bytes.ts'
import { judgeHeads } from './judge-heads.ts'
import { judgePersonTexts } from './judge-person-texts.ts'
import { judgePolicy, judgeSharedLists } from './judge-shared-lists.ts'
import { judgeTexts } from './judge-texts.ts'
import { type LedgerTruth, ledgerTruth } from './ledger-truth.ts'
import { judgeLedger } from './reference.ts'
import { type Report, type Violation, violationList } from './report.ts'

export interface Judgement {
  readonly violations: readonly Violation[]
  readonly sends: number
  readonly holds: number
  readonly worstStalenessMs: number
}

/** Judges a run by what could be seen of it, and by what the database holds at its end. */
export function judge({ world, history, copies }: Run): Judgement {
  const { report, violations } = violationList()
  const primary = world.database.set.latestPrimary()
  const truths = new Map<string, LedgerTruth>()
  if (primary === null) report('E12', 'there is no primary at the end')
  else {
    for (const account of world.plan.accounts) {
      const truth = ledgerTruth(account, primary, history)
      if (truth === null) report('E12', `${account} was never opened`)
      else truths.set(account, truth)
    }
  }
  for (const truth of truths.values()) {
    judgeLedger(truth, report)
    judgeCalls(truth, report)
    judgeDrained(truth, world.plan.hasBus, report)
    judgePublished(truth, world.bus.published, report)
    const copy = copies.get(truth.account)
    if (copy) judgeCopy(truth, copy, report)
  }
  if (primary !== null) {
    judgeTexts(world, primary, report)
    for (const truth of truths.values()) judgePolicy(truth, primary, report)
    judgePersonTexts(world, truths, primary, report)
  }
  judgeHeads(history, report)
  judgeSharedLists(history, report)
  judgeAnswers(truths, history, report)
  const worstStalenessMs = judgeFirstBytes(truths, history, report)
  judgeRecovery(world, report)
  for (const alarm of history.alarms) report('alarm', alarm)
  return { violations, sends: history.firstBytes.length, holds: history.holds, worstStalenessMs }
}

/** E12: long after the faults nothing waits to be folded or published. */
function judgeDrained({ account, head }: LedgerTruth, hasBus: boolean, report: Report): void {
  if (head.folded !== head.rev || head.recent.length > 0)
    report('E12', `${account}: folded to ${head.folded} of ${head.rev}, ${head.recent.length} wait`)
  if (hasBus && head.published !== head.rev)
    report('E12', `${account}: published to ${head.published} of ${head.rev}`)
}

/** E11: `published` stands over nothing that NATS was not told, and what it was told is what the ledger says. */
function judgePublished(
  { account, head, changes }: LedgerTruth,
  published: Run['world']['bus']['published'],
  report: Report,
) {
  const told = new Map<number, (typeof published)[number]>()
  for (const event of published) {
    if (event.account !== account || event.epoch !== head.epoch) continue
    told.set(event.rev, event)
    const change = changes[event.rev - 1]
    const isSame =
      change?.n === event.number &&
      change.list === event.list &&
      change.op === event.op &&
      change.src === event.source
    if (!isSame) report('E11', `${account}: the event of rev ${event.rev} is not what the ledger says`)
  }
  for (let rev = 1; rev <= head.published; rev++)
    if (!told.has(rev))
      report('E11', `${account}: rev ${rev} was never published, and published says ${head.published}`)
}

/** E12: faults over, every sender is answered again. */
function judgeRecovery({ plan, history }: Run['world'], report: Report): void {
  const senders = new Set(
    history.heardAnswers.map(({ sender }) => sender).filter((sender) => sender.startsWith('eager')),
  )
  for (const sender of senders) {
    const isAnswered = history.heardAnswers.some(
      (one) =>
        one.sender === sender &&
        one.heardAt > plan.healAt &&
        !('error' in one.answer) &&
        one.askedAt < plan.healAt + recoveredWithinMs + 1_000,
    )
    if (!isAnswered) report('E12', `${sender} gets no verdicts after the faults`)
  }
}
