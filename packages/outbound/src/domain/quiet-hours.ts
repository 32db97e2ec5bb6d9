import type { Origin } from '@heed/phone'
import {
  type Cap,
  hoursThatBind,
  isZone,
  judgeHours,
  quietHoursTable,
  type StatedPlace,
} from '@heed/quiet-hours'
import type { Judgement } from './judgement.ts'

interface Placed {
  readonly number: string
  readonly origin: Origin
  readonly place?: StatedPlace
}

/** Judged now, a text may go out up to a minute later: it must be allowed then, too. */
const aheadMs = 60_000

/** Somebody's own words to one person, an answer and a trial of a text keep no hours and count for no cap. */
const bound: ReadonlySet<Origin> = new Set(['broadcast', 'sequence', 'api', 'crm'])

export const keepsHours = ({ origin }: Pick<Placed, 'origin'>) => bound.has(origin)

/** What the law's hours say of a text at `now`, by the strictest reading of where its person may be. */
export function judgeQuietHours(text: Placed, now: Date): Judgement {
  if (!keepsHours(text)) return 'go'
  const hours = bindingOn(text)
  const first = judgeHours(hours, now.getTime())
  const verdict = first.outcome === 'allowed' ? judgeHours(hours, now.getTime() + aheadMs) : first
  if (verdict.outcome === 'allowed') return 'go'
  if (verdict.outcome === 'never')
    return { suppress: [{ reason: 'quiet-hours', list: verdict.rule.id, since: now.toISOString() }] }
  return { holdUntil: new Date(verdict.heldUntil), heldBy: verdict.rule.id }
}

/** The caps that the law of the places sets, where its person may be. */
export function capsOfPlace(text: Placed): Cap[] {
  return bindingOn(text).rules.flatMap(({ cap }) => cap ?? [])
}

function bindingOn({ number, place }: Placed) {
  const zone = place?.zone !== undefined && isZone(place.zone) ? { zone: place.zone } : {}
  const zip = place?.zip === undefined ? {} : { zip: place.zip }
  return hoursThatBind(quietHoursTable, { number, ...zone, ...zip })
}
