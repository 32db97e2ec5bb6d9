import type { Member } from '../database/node.ts'
import type { History, PersonText } from '../world/history.ts'
import type { World } from '../world/world.ts'
import type { LedgerTruth } from './ledger-truth.ts'
import type { Report } from './report.ts'

/** A text needs so long to its commit after the last fault, by the poll if no webhook brings it. */
const settledWithinMs = 6_500
/** A hint is due 100 ms after a STOP came, by a clock that may be 10 % slow, and is looked for a little later. */
const hintWithinMs = 135
/** The longest pause between two tries of a round, and what it takes. */
const retriedWithinMs = 5_500
/** An instance may have asked for the owner just before there was one. */
const keptWithinMs = 2_000
/** The same where its account was just opened: nothing else is going on then. */
const openedWithinMs = 1_000
/** No list of the carrier shows a text before. */
const listedAfterMs = 200

/** E7 and E12 for what people texted: each STOP and START stands in its account's ledger, once answered for good. */
export function judgePersonTexts(
  world: World,
  truths: ReadonlyMap<string, LedgerTruth>,
  primary: Member,
  report: Report,
): void {
  const { history, agenda } = world
  for (const text of history.personTexts) {
    const account = world.ownerOf(text.to)
    const truth = account === null ? undefined : truths.get(account)
    if (truth === undefined) continue
    const where = `${text.kind.toUpperCase()} ${text.id} to ${account}`
    const own = truth.changes.find(({ src, list }) => src === text.id && list === 'own')
    if (text.kind === 'help' || text.kind === 'chat') {
      if (own) report('E9', `${where} changed something`)
      continue
    }
    if (own !== undefined && own.n !== text.from) report('E9', `${where} stands for another number`)
    // A START may wait in the journal, and its carrier is told so.
    if (text.kind === 'stop' && text.acceptedAt !== null) {
      const isCommitted = own !== undefined && truth.seenOf(own.rev) <= text.acceptedAt
      if (!isCommitted && !wasUnowned(text, world))
        report(
          'E7',
          `${where} was answered with success at ${text.acceptedAt.toFixed(1)}, and not committed by then`,
        )
    }
    const canBeLost = !world.plan.hasList && !history.journaled.has(text.id)
    const isDue = text.takenAt < agenda.now - settledWithinMs && !canBeLost
    if (own === undefined && isDue && !isListed(text, world, primary))
      report('E7', `${where} stands nowhere at the end`)
  }
  judgeLeft(world, truths, report)
  judgeReplies(world, truths, report)
  judgeHints(world, truths, report)
}

/** Nobody owned its number yet when it was answered, so it was kept. */
const wasUnowned = (text: PersonText, world: World): boolean =>
  text.acceptedAt !== null && mayBeKept(text, text.acceptedAt, world)

/** Nobody owned its number just before, so it may be in the durable list. */
function mayBeKept({ to }: PersonText, at: number, { plan, history }: World): boolean {
  const ownedAt = history.ownedAt.get(to) ?? Number.POSITIVE_INFINITY
  return at < ownedAt + (plan.lateNumber?.number === to ? keptWithinMs : openedWithinMs)
}

/** Still in the durable list of what nobody owns. */
function isListed({ id, to }: PersonText, { history, agenda }: World, primary: Member): boolean {
  const ownedAt = history.ownedAt.get(to) ?? Number.POSITIVE_INFINITY
  return (
    ownedAt >= agenda.now - settledWithinMs &&
    primary.get('inbound-sms.kept', id, Number.POSITIVE_INFINITY) !== null
  )
}

/** E7: an opt-out leaves the journal, or the durable list, when it is committed or kept, and not before. */
function judgeLeft(world: World, truths: ReadonlyMap<string, LedgerTruth>, report: Report): void {
  const { history } = world
  const stops = new Map(
    history.personTexts.filter(({ kind }) => kind === 'stop').map((text) => [text.id, text]),
  )
  for (const { at, source, where } of history.left) {
    const text = stops.get(source)
    const truth = text && truths.get(world.ownerOf(text.to) ?? '')
    if (text === undefined || truth === undefined) continue
    if (where === 'the journal' && mayBeKept(text, at, world)) continue
    const own = truth.changes.find(({ src, list }) => src === source && list === 'own')
    if (own === undefined || truth.seenOf(own.rev) > at)
      report('E7', `STOP ${source} left ${where} at ${at.toFixed(1)}, before it was committed`)
  }
}

/** E4: one confirmation for a STOP that turned its number, none where the carrier replies itself. */
function judgeReplies(
  { history, ownerOf }: World,
  truths: ReadonlyMap<string, LedgerTruth>,
  report: Report,
): void {
  const confirmed = new Map<string, number>()
  const texts = new Map(history.personTexts.map((text) => [text.id, text]))
  for (const { at, to, from, source, body } of history.replies) {
    const text = source === null ? undefined : texts.get(source)
    // The carrier's list, which the poll reads, does not say whether the carrier has replied.
    const isTold = text?.isReadByCarrier && text.kind !== 'yes' && at < text.takenAt + listedAfterMs
    if (isTold) report('E4', `${source} was answered though the carrier had replied`)
    if (!body.includes('you are opted out')) continue
    const key = `${ownerOf(from)} ${to}`
    confirmed.set(key, (confirmed.get(key) ?? 0) + 1)
  }
  for (const [key, count] of confirmed) {
    const [account = '', number] = key.split(' ')
    const turned = truths
      .get(account)
      ?.changes.filter(({ n, outcome, texted }) => n === number && outcome === 'turned' && texted === true)
    if (count > (turned?.length ?? 0))
      report('E4', `${account}: ${number} was confirmed ${count} times for ${turned?.length} opt-outs`)
  }
}

/** A STOP that compliance has not committed within 100 ms is hinted at, to its account or to all. */
function judgeHints(world: World, truths: ReadonlyMap<string, LedgerTruth>, report: Report): void {
  const { history } = world
  const stops = new Map(
    history.personTexts.filter(({ kind }) => kind === 'stop').map((text) => [text.id, text]),
  )
  for (const { at, source, machine } of history.pushed) {
    const text = stops.get(source)
    const account = text && world.ownerOf(text.to)
    const truth = account ? truths.get(account) : undefined
    if (!text || !truth || mayBeKept(text, at, world)) continue
    const own = truth.changes.find(({ src, list }) => src === source && list === 'own')
    const committed = own === undefined ? Number.POSITIVE_INFINITY : truth.seenOf(own.rev)
    const settled = Math.min(committed, text.acceptedAt ?? Number.POSITIVE_INFINITY)
    if (settled <= at + hintWithinMs || !wasUndisturbed(world, machine, at)) continue
    const hints = history.hinted.filter(
      (hint) => hint.source === source && hint.at >= at - 4_500 && hint.at <= at + hintWithinMs,
    )
    if (hints.length === 0)
      report('E7', `STOP ${source} came at ${at.toFixed(1)}, waited, and no hint was given`)
    if (hints.some((hint) => hint.number !== text.from || (hint.account !== account && hint.account !== '_')))
      report('E9', `the hint of ${source} is about another`)
  }
}

/**
 * Neither the instance nor NATS was struck in the time in which a hint was due. A round that NATS missed is tried again
 * with a growing pause, so a text that comes again soon after finds no hint yet.
 */
function wasUndisturbed({ history }: World, machine: string, from: number): boolean {
  const isNear = ({ who, from: since, to }: History['disturbed'][number]) =>
    since < from + hintWithinMs && to + (who === 'NATS' ? retriedWithinMs : 0) > from
  return !history.disturbed.some((one) => (one.who === machine || one.who === 'NATS') && isNear(one))
}
