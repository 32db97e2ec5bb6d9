import type { AccountId, Epoch, PhoneNumber } from '@heed/phone'
import type { Clock } from './clock.ts'
import type { HintBook } from './hint-book.ts'
import type { GateHooks } from './hooks.ts'
import type { CheckInput, Policy, Reason } from './verdict.ts'

/**
 * A verdict in hand. All numbers that one answer clears share one, so that the gate, in the usual case, reads
 * nothing of its own for a number but its entry in the map.
 */
export interface HeldVerdict {
  readonly reasons: readonly Reason[]
  readonly epoch: Epoch
  readonly rev: number
  readonly policy: Policy
  /** The instant before the question was sent, and the end of the lease less its margin. Monotonic ms. */
  readonly askedAt: number
  readonly until: number
  /** Wall clock minus monotonic clock at `askedAt`. */
  readonly skew: number
}

/** The highest rev seen in an answer of one epoch. */
export interface SeenRev {
  readonly epoch: Epoch
  readonly rev: number
}

export interface AccountState {
  readonly verdicts: Map<PhoneNumber, HeldVerdict>
  /** When an event last took a number's verdict away, while an answer from before it could still matter. */
  readonly voidBefore: Map<PhoneNumber, number>
  /** Questions under way that ask about this account, oldest first. */
  readonly open: Set<Question>
  /** Newest epoch first. Replaced, never changed in place: a question keeps what it was when it was asked. */
  seen: readonly SeenRev[]
  /** When it was last asked about or answered for. */
  activeAt: number
}

/** A question on its way to the authority. Made by `gate.ask`, then given to `onAnswer` or `onFailure` once. */
export interface Question {
  /** The input of `clearance.check`. */
  readonly input: CheckInput
  /** The instant before it was sent, monotonic ms. */
  readonly askedAt: number
  readonly skew: number
  /** For each ask: the revs seen before it was asked. */
  readonly seenBefore: readonly (readonly SeenRev[])[]
  /** The numbers asked for, by account; made when first looked into. */
  readonly index: Map<AccountId, ReadonlySet<PhoneNumber>>
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
  const fresh: AccountState = {
    verdicts: new Map(),
    voidBefore: new Map(),
    open: new Set(),
    seen: [],
    activeAt: Number.NEGATIVE_INFINITY,
  }
  state.accounts.set(accountId, fresh)
  return fresh
}

/** Whether the question asks for this number of this account. */
export function asksFor({ input, index }: Question, accountId: AccountId, number: PhoneNumber): boolean {
  let numbers = index.get(accountId)
  if (numbers === undefined) {
    numbers = new Set(input.asks.flatMap((ask) => (ask.accountId === accountId ? ask.numbers : [])))
    index.set(accountId, numbers)
  }
  return numbers.has(number)
}
