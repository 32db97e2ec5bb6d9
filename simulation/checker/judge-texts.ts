import type { Member } from '../database/node.ts'
import type { History } from '../world/history.ts'
import type { World } from '../world/world.ts'
import type { Report } from './report.ts'

const final = new Set(['sent', 'suppressed', 'failed', 'unknown'])

/** E8: every text ends once, as it says; none is handed over twice without a definite failure between. */
export function judgeTexts({ history }: World, primary: Member, report: Report): void {
  const carried = Map.groupBy(history.carried, ({ textId }) => textId)
  const bytes = Map.groupBy(
    history.firstBytes.filter(({ textId }) => textId !== null),
    ({ textId }) => textId as string,
  )
  const held = numbersHinted(history)
  for (const { id, account, number } of history.texts) {
    const row = primary.get('campaign.texts', id, Number.POSITIVE_INFINITY)
    const attempts = carried.get(id) ?? []
    const taken = attempts.filter(({ did }) => did === 'took').length
    if (row === null) {
      if (history.keptTexts.has(id) || attempts.length > 0) report('E8', `${id} was kept and is gone`)
      continue
    }
    const state = row.state as string
    if (taken > 1) report('E8', `${id} was taken by the carrier ${taken} times`)
    if (!final.has(state)) {
      if (!held.has(number)) report('E12', `${id} of ${account} is ${state} at the end`)
    } else if (state === 'sent' && taken !== 1) report('E8', `${id} says sent, the carrier took ${taken}`)
    else if (taken > 0 && state !== 'sent' && state !== 'unknown')
      report('E8', `${id} was taken and says ${state}`)
    if (attempts.length > 0 && row.hasIntent === false && state !== 'suppressed' && state !== 'ready')
      report('E8', `${id} was handed over and shows no intent`)
    if (state === 'sent' || state === 'unknown') judgeBasis(row, bytes.get(id) ?? [], id, report)
  }
}

/** What was sent names the state of the authority that it was sent on. */
function judgeBasis(
  row: Readonly<Record<string, unknown>>,
  bytes: readonly { epoch: string; rev: number; attemptId: string | null }[],
  id: string,
  report: Report,
): void {
  if (row.rev === null) {
    if (row.state === 'sent') report('E8', `${id} was sent and names no rev`)
    return
  }
  const isKnown = bytes.some(({ epoch, rev }) => epoch === row.epoch && rev === row.rev)
  if (!isKnown) report('E8', `${id} names rev ${row.rev}, on which nothing was sent`)
}

/** A hint holds for a minute, which is longer than the world lasts, unless an event names its source. */
function numbersHinted({ heard }: History): ReadonlySet<string> {
  const standing = new Map<string, string>()
  for (const { kind, sender, life, source, number } of heard) {
    const key = `${sender}/${life}/${source}`
    if (kind === 'hint') standing.set(key, number)
    else standing.delete(key)
  }
  return new Set(standing.values())
}
