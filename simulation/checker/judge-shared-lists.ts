import type { Member } from '../database/node.ts'
import type { FirstByte, History, Spell } from '../world/history.ts'
import { boundMs } from './bound.ts'
import type { LedgerTruth } from './ledger-truth.ts'
import type { Report } from './report.ts'

/**
 * E1 for a list that accounts share: once an account's policy names it for an origin, and it names a number, and both were
 * acknowledged, no such text leaves later than the bound.
 */
export function judgeSharedLists({ firstBytes, policies, shared }: History, report: Report): void {
  if (shared.length === 0) return
  for (const byte of firstBytes) {
    const heeded = boundSince(
      policies.filter(({ account }) => account === byte.account),
      ({ origins }) => origins.includes(originOf(byte)),
      byte.at,
    )
    const listed = boundSince(
      shared.filter(({ number }) => number === byte.number),
      ({ op }) => op === 'add',
      byte.at,
    )
    const staleness = byte.at - Math.max(heeded, listed)
    if (staleness > boundMs)
      report(
        'E1',
        `${byte.sender}'s text to ${byte.number} of ${byte.account} at ${byte.at.toFixed(1)} left ${staleness.toFixed(0)} ms after the shared list bound it`,
      )
  }
}

/** Since when it surely binds; infinite where it does not, or where something else may have undone it by then. */
function boundSince<Told extends Spell>(
  spells: readonly Told[],
  binds: (spell: Told) => boolean,
  at: number,
): number {
  const begun = spells.filter(({ begunAt }) => begunAt <= at)
  const last = begun.findLast((spell) => binds(spell) && spell.ackedAt !== null && spell.ackedAt <= at)
  if (last?.ackedAt == null) return Number.POSITIVE_INFINITY
  const isUndone = begun.some(
    (spell) => !binds(spell) && (spell.ackedAt === null || spell.ackedAt >= last.begunAt),
  )
  return isUndone ? Number.POSITIVE_INFINITY : last.ackedAt
}

/** Rows are a broadcast's; who tries the gate without rows is an app. */
const originOf = ({ textId }: FirstByte) => (textId === null ? 'api' : 'broadcast')

/** E1: the head holds the policy of the settings that stand, whoever set others in the same moment. */
export function judgePolicy({ account, head }: LedgerTruth, primary: Member, report: Report): void {
  const versions = primary.find('compliance.settings', { a: account }, Number.POSITIVE_INFINITY)
  const latest = versions.reduce<(typeof versions)[number] | null>(
    (highest, one) => (highest && (highest.version as number) > (one.version as number) ? highest : one),
    null,
  )
  const said = JSON.stringify((latest?.settings as { policy?: unknown } | undefined)?.policy ?? { v: 1 })
  const holds = JSON.stringify(head.policy)
  if (holds !== said) report('E1', `${account}: the head holds the policy ${holds}, its settings say ${said}`)
}
