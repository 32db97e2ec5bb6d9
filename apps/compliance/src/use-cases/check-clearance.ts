import {
  bindingReasons,
  type CheckAnswer,
  type CheckAsk,
  type CheckInput,
  type CheckOutput,
  leaseMs,
  type Reason,
  type Verdict,
} from '@heed/clearance'
import type { Epoch } from '@heed/phone'
import type { Logger } from '@heed/service'
import type { BlockState } from '../domain/entry.ts'
import { stateKey } from '../domain/fold.ts'
import { type AccountState, nationalListsOf } from './safe-read.ts'

/**
 * Answers each ask from a safe read that began after the request arrived. What cannot be known is an error of
 * that ask, never "no blocks".
 */
export function checkClearance(deps: {
  read: (wanted: ReadonlyMap<string, ReadonlySet<string>>) => Promise<ReadonlyMap<string, AccountState>>
  log: Logger
}): (input: CheckInput) => Promise<CheckOutput> {
  return async ({ asks }) => {
    const wanted = new Map<string, Set<string>>()
    for (const { accountId, numbers } of asks) {
      const before = wanted.get(accountId)
      if (before === undefined) wanted.set(accountId, new Set(numbers))
      else for (const number of numbers) before.add(number)
    }
    try {
      const known = await deps.read(wanted)
      return asks.map((ask) => answer(ask, known.get(ask.accountId)))
    } catch (error) {
      deps.log.warn({ err: error, accounts: wanted.size }, 'verdicts are not known: the safe read failed')
      return asks.map(() => ({ error: { reason: 'unavailable' as const } }))
    }
  }
}

/** Nothing blocks. One for all numbers: an answer names ten thousand of them. */
const free: Verdict = Object.freeze({ allowed: true, reasons: [] })

function answer({ numbers, origin }: CheckAsk, known: AccountState | undefined): CheckAnswer {
  if (!known) return { error: { reason: 'unknown-account' } }
  const { head } = known
  const verdicts = numbers.map((number) => {
    const reasons = reasonsOf(number, known)
    if (reasons.length === 0) return free
    return { allowed: bindingReasons(reasons, origin, head.policy).length === 0, reasons }
  })
  return { epoch: head.epoch as Epoch, rev: head.rev, leaseMs, policy: head.policy, verdicts }
}

function reasonsOf(number: string, { head, states, national }: AccountState): Reason[] {
  const own = states.size === 0 ? [] : blocking(number, head.lists, states)
  return national ? [...own, ...blocking(number, nationalListsOf(head), national)] : own
}

function blocking(
  number: string,
  lists: readonly string[],
  states: ReadonlyMap<string, BlockState>,
): Reason[] {
  return lists.flatMap((list) => {
    const state = states.get(stateKey(number, list))
    return state?.blocked ? [{ list, since: state.since.toISOString(), rev: state.rev }] : []
  })
}
