import { type FirstByte, type Heard, type HeardAnswer, type History, sharedList } from '../world/history.ts'
import { boundMs } from './bound.ts'
import type { LedgerTruth } from './ledger-truth.ts'
import type { Report } from './report.ts'

/** By the sender's own clock; a suspension of 20 ms may pass unseen. */
const usableMs = 475
const unseenMs = 20
const hintMs = 60_000

/** E1, E2 and E6 at every first byte. Returns the worst staleness met, in ms. */
export function judgeFirstBytes(
  truths: ReadonlyMap<string, LedgerTruth>,
  history: History,
  report: Report,
): number {
  const answers = Map.groupBy(
    history.heardAnswers,
    ({ sender, life, account }) => `${sender}/${life}/${account}`,
  )
  const heard = Map.groupBy(history.heard, ({ sender, life, number }) => `${sender}/${life}/${number}`)
  let worst = 0
  for (const byte of history.firstBytes) {
    const truth = truths.get(byte.account)
    if (truth === undefined) continue
    const where = `${byte.sender}'s text to ${byte.number} of ${byte.account} at ${byte.at.toFixed(1)}`
    const staleness = stalenessOf(byte, truth)
    worst = Math.max(worst, staleness)
    if (staleness > boundMs)
      report('E1', `${where} left ${staleness.toFixed(0)} ms after a block was acknowledged`)
    const told = (heard.get(`${byte.sender}/${byte.life}/${byte.number}`) ?? []).filter(
      ({ order }) => order < byte.order,
    )
    if (!isBacked(byte, answers.get(`${byte.sender}/${byte.life}/${byte.account}`) ?? [], told))
      report('E2', `${where} left on no answer that may still be used`)
    if (isHinted(byte, told)) report('E7', `${where} left though a hint held the number`)
  }
  return worst
}

/** How long before the first byte the block was acknowledged that should have stopped it; 0 where none was. */
function stalenessOf({ at, number }: FirstByte, truth: LedgerTruth): number {
  const seen = truth.seenBy(at)
  const timeline = truth.timeline(number)
  for (let index = timeline.length - 1; index >= 0; index--) {
    const stretch = timeline[index]
    if (stretch === undefined || stretch.fromRev > seen || stretch.blocks.length > 0) continue
    const blockedBy = timeline[index + 1]
    return blockedBy ? Math.max(0, at - truth.ackOf(blockedBy.fromRev)) : 0
  }
  return 0
}

function isBacked(byte: FirstByte, answers: readonly HeardAnswer[], told: readonly Heard[]): boolean {
  const voidedBy =
    told.findLast(({ kind, account }) => kind === 'event' && account === byte.account)?.order ?? -1
  for (let index = answers.length - 1; index >= 0; index--) {
    const one = answers[index] as HeardAnswer
    if (one.heardAt > byte.at) continue
    if (one.heardAt < byte.at - 2 * boundMs) return false
    const { answer } = one
    const isFresh = byte.mono - one.askedMono <= usableMs + unseenMs && byte.at - one.askedAt <= boundMs
    if (!isFresh || one.askedOrder <= voidedBy || 'error' in answer) continue
    if (answer.epoch !== byte.epoch || answer.rev !== byte.rev) continue
    if (reasonsFor(one, byte.number) === 0 && !isContradicted(byte, one, answers)) return true
  }
  return false
}

/** How many of the account's own reasons an answer gives against a number; undefined where it says nothing of it. */
function reasonsFor({ numbers, answer }: HeardAnswer, number: string): number | undefined {
  const at = numbers.indexOf(number)
  return at < 0 || 'error' in answer
    ? undefined
    : answer.verdicts[at]?.reasons.filter(({ list }) => list !== sharedList).length
}

/** An answer that was asked for later, and was there, says that the number is blocked. */
function isContradicted(byte: FirstByte, by: HeardAnswer, answers: readonly HeardAnswer[]): boolean {
  return answers.some(
    (other) =>
      other.askedOrder > by.askedOrder &&
      other.heardOrder < byte.order &&
      (reasonsFor(other, byte.number) ?? 0) > 0 &&
      byte.mono - other.askedMono < usableMs,
  )
}

/** The event may be heard before the hint that it ends, so long ago by any clock that a gate may have. */
const heardBeforeMs = 11_500

/** A hint holds its number for a minute, or until an event names its source, which may come before it. */
function isHinted(byte: FirstByte, told: readonly Heard[]): boolean {
  return told.some((hint, index) => {
    if (hint.kind !== 'hint' || (hint.account !== byte.account && hint.account !== '_')) return false
    if (byte.at - hint.at > hintMs * 0.9) return false
    return !told.some(
      ({ kind, source, at }, place) =>
        kind === 'event' && source === hint.source && (place > index || hint.at - at < heardBeforeMs),
    )
  })
}
