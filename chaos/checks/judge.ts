import type { Facts } from '../facts/facts.ts'
import type { Check, Evidence, Verdict } from './check.ts'
import { failClosed } from './fail-closed.ts'
import { firstBytesOf } from './first-bytes.ts'
import { completeEvents, density, idempotency, nothingLost } from './ledger.ts'
import { ledgersOf } from './ledgers.ts'
import { noResurrection, startsUnheard } from './opt-ins.ts'
import { lease, paused, safety } from './safety.ts'
import { conservation, isolation, noOldEpoch } from './texts.ts'

/** What was found while the run went on and at its end counts, too: see `Played.seen`. */
const seenOnly = (name: string, promise: string): Check => ({ name, promise, find: () => [] })

const checks: readonly Check[] = [
  safety,
  lease,
  density,
  idempotency,
  noResurrection,
  failClosed,
  nothingLost,
  conservation,
  isolation,
  noOldEpoch,
  completeEvents,
  {
    name: 'E12',
    promise: 'when the faults end every queue drains and every sender passes again',
    find: startsUnheard,
    isOfTime: true,
  },
  paused,
  seenOnly('D1', 'no phone number in a log, a metric, a subject or the text of an error'),
  seenOnly('D2', 'everything ends when told, and nothing is left running or listening'),
  seenOnly('D3', 'what is malformed is refused with a typed reason'),
]

export function evidenceOf(facts: Facts): Evidence {
  return { facts, ledgers: ledgersOf(facts), firstBytes: firstBytesOf(facts) }
}

/** Each promise of the design, and what broke it. */
export function judge(evidence: Evidence): Verdict[] {
  return checks.map(({ name, promise, find, isOfTime = false }) => {
    const found = find(evidence)
    const isUnsure = isOfTime && evidence.facts.isCrowded
    return {
      name,
      promise,
      broken: [...seenBy(evidence, name, false), ...(isUnsure ? [] : found)],
      unsure: [...seenBy(evidence, name, true), ...(isUnsure ? found : [])],
    }
  })
}

const seenBy = ({ facts }: Evidence, name: string, isUnsure: boolean): string[] =>
  facts.seen
    .filter((seen) => seen.check === name && (seen.isUnsure ?? false) === isUnsure)
    .map(({ what }) => what)
