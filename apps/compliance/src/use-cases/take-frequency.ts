import type { AccountId, PhoneNumber } from '@heed/phone'
import { DomainError } from '@heed/rpc'
import type { Clock } from '@heed/service'
import { type Cap, judgeCaps, stillCounts } from '../domain/caps.ts'
import type { Sendings, SendingsStore } from '../store/sendings.ts'
import type { KnownAccounts } from './accounts.ts'

interface CappedText {
  readonly id: string
  readonly number: PhoneNumber
  readonly caps: readonly Cap[]
}
type Result = { readonly holdUntil: string; readonly texts: number; readonly hours: number } | null

const turnsMax = 20

/**
 * Lets texts go that no cap holds, and counts them: once by their id, over all services of the account. A text is
 * counted when it is let go, so one that is not handed over after all counts too, and none goes uncounted.
 */
export function takeFrequency({
  known,
  sendings,
  clock,
}: {
  known: KnownAccounts
  sendings: SendingsStore
  clock: Pick<Clock, 'now'>
}) {
  return async (asked: { accountId: AccountId; texts: readonly CappedText[] }) => {
    const { accountId: a, texts } = asked
    await known.require(a)
    const results = new Map<CappedText, Result>()
    for (let turn = 0; turn < turnsMax; turn++) {
      const open = texts.filter((text) => !results.has(text))
      if (open.length === 0) return { results: texts.map((text) => results.get(text) ?? null) }
      const standing = await sendings.find(a, [...new Set(open.map(({ number }) => number))])
      const changed = decide(open, standing, new Date(clock.now()), results)
      if (changed.length > 0) await sendings.put(a, changed)
    }
    throw new DomainError('unavailable', { detail: 'others kept counting' })
  }
}

/** Settles what is known or held; what may go is written, and known when it is read again. */
function decide(
  open: readonly CappedText[],
  standing: ReadonlyMap<string, Sendings>,
  now: Date,
  results: Map<CappedText, Result>,
): Sendings[] {
  const changed = new Map<string, Sendings>()
  for (const text of open) {
    const before = changed.get(text.number) ?? standing.get(text.number)
    if (!before) continue
    const verdict = judgeCaps(before.taken, text, now)
    const isNew = changed.get(text.number)?.taken.some(({ id }) => id === text.id) ?? false
    if (verdict === 'known') {
      if (!isNew) results.set(text, null)
    } else if (verdict === 'goes') {
      const taken = [...stillCounts(before.taken, now), { id: text.id, at: now }]
      changed.set(text.number, { ...before, taken })
    } else {
      results.set(text, { holdUntil: verdict.holdUntil.toISOString(), ...verdict.cap })
    }
  }
  return [...changed.values()]
}
