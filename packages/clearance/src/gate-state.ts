import type { AccountId, Epoch, PhoneNumber } from '@heed/phone'
import type { Clock } from './clock.ts'
import type { HintBook } from './hint-book.ts'
import type { GateHooks } from './hooks.ts'
import type { CheckInput, Policy, Reason } from './verdict.ts'

/** What all verdicts of one answer for one account have in common. */
export interface AnswerBasis {
  readonly epoch: Epoch
  readonly rev: number
  readonly policy: Policy
  /** The instant before the question was sent, and the last one at which its verdicts may pass. Monotonic ms. */
  readonly askedAt: number
  readonly until: number
  /** Wall clock minus monotonic clock at `askedAt`. */
  readonly skew: number
}

/** What is known of one number of one account. `basis` is null where there is no verdict. */
export interface NumberState {
  basis: AnswerBasis | null
  reasons: readonly Reason[]
  /** When an event last took the verdict away; null while that cannot matter any more. Monotonic ms. */
  voidBefore: number | null
  /** Questions under way that ask for it, and the last of them. */
  asking: number
  question: Question | null
}

/** The highest rev seen in an answer of one epoch. */
export interface SeenRev {
  readonly epoch: Epoch
  readonly rev: number
}

export interface AccountState {
  readonly numbers: Map<PhoneNumber, NumberState>
  /** Newest epoch first. Replaced, never changed in place: a question keeps what it was when it was asked. */
  seen: readonly SeenRev[]
  lastAskedAt: number
}

/** A question on its way to the authority. Made by `gate.ask`, and answered or failed exactly once. */
export interface Question {
  /** The input of `clearance.check`. */
  readonly input: CheckInput
  /** The instant before it was sent, monotonic ms. */
  readonly askedAt: number
  readonly skew: number
  /** For each ask: the revs seen before it was asked. */
  readonly seenBefore: readonly (readonly SeenRev[])[]
}

export interface GateState {
  readonly clock: Clock
  readonly hooks: Required<GateHooks>
  readonly accounts: Map<AccountId, AccountState>
  readonly hints: HintBook
  readonly open: Set<Question>
  sweptAt: number
}

export function accountState(state: GateState, accountId: AccountId): AccountState {
  const known = state.accounts.get(accountId)
  if (known !== undefined) return known
  const fresh: AccountState = { numbers: new Map(), seen: [], lastAskedAt: 0 }
  state.accounts.set(accountId, fresh)
  return fresh
}
