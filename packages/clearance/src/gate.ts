import { type consentChanged, type consentProvisional, type EventOf, everyAccount } from '@heed/events'
import { AccountId, type PhoneNumber } from '@heed/phone'
import type { Clearance, ClearanceText } from './clearance.ts'
import type { Clock } from './clock.ts'
import { type AccountState, asksFor, type GateState, type Question } from './gate-state.ts'
import { hintBook } from './hint-book.ts'
import { type GateHooks, quietHooks } from './hooks.ts'
import { type GateResult, pass, type Synchronous } from './pass.ts'
import { leaseMs } from './protocol.ts'
import { type AskOutcome, answer, ask, close, type NumbersOfAccount } from './questions.ts'
import { type Lacking, lacking, unknown } from './standing.ts'
import { sweep } from './sweep.ts'
import type { CheckAnswer } from './verdict.ts'

/** The part of a consent event that the gate heeds. */
export type GateEvent = Pick<EventOf<typeof consentChanged>, 'account' | 'number' | 'source'>
/** The part of a provisional hint that the gate heeds. */
export type GateHint = Pick<EventOf<typeof consentProvisional>, 'account' | 'number' | 'source'>

/** How much is held, for metrics and for tests of the bound on memory. */
export interface GateSize {
  readonly accounts: number
  readonly verdicts: number
  readonly hints: number
  readonly questions: number
}

export interface Gate {
  /**
   * Opens a question. Call it in the instant before sending `question.input`: the lease counts from here. Then
   * call `onAnswer` or `onFailure` once.
   */
  ask(asks: readonly NumbersOfAccount[]): Question
  /**
   * Takes the answers, one for each ask in its order, null for one that could not be read. An ask that is
   * refused touches no other ask and no verdict in hand. Returns what became of each.
   */
  onAnswer(question: Question, answers: readonly (CheckAnswer | null)[]): readonly AskOutcome[]
  /** No answer will come. Verdicts in hand stand until they expire. */
  onFailure(question: Question): void
  /** Takes the number's verdict away, whatever the event says; never allows anything. */
  onEvent(event: GateEvent): void
  /** Holds the number until 60 s after the last hint of this source, or an event that names the source. */
  onHint(hint: GateHint): void
  /** What would have to be asked for, so that texts handed over within about half a lease pass. */
  lacking(accountId: AccountId, numbers: readonly PhoneNumber[]): Lacking
  /** The numbers whose texts would be held now for want of a verdict (hints do not count). */
  unknown(accountId: AccountId, numbers: readonly PhoneNumber[]): readonly PhoneNumber[]
  /**
   * Decides on one text and, where it may go, calls `write` before it returns; nothing runs in between. `write`
   * writes the first byte, or throws, and what it throws comes out unchanged. HOLD and SUPPRESS do not call it.
   * A `write` that returns a promise is refused by the compiler, and by ClearanceMisuseError at run time; that
   * text's outcome is then unknown.
   */
  pass<Value>(text: ClearanceText, write: (clearance: Clearance) => Synchronous<Value>): GateResult<Value>
  /** Forgets what has expired, at most once per lease. Every ask, answer, event and hint does so too. */
  sweep(): void
  size(): GateSize
}

/**
 * The senders' gate (protocol, section 5): pure state, no I/O, no timers; all time comes from `clock`. One for
 * all accounts of a process. It holds nothing for an account at rest.
 */
export function createGate({
  clock,
  hooks = {},
}: {
  readonly clock: Clock
  readonly hooks?: GateHooks
}): Gate {
  const state: GateState = {
    clock,
    hooks: quietHooks(hooks),
    accounts: new Map(),
    hints: hintBook(),
    open: new Set(),
    sweptAt: Number.NEGATIVE_INFINITY,
  }
  const swept = () => sweep(state, clock.monoMs())
  return {
    ask: (asks) => {
      swept()
      return ask(state, asks)
    },
    onAnswer: (question, answers) => {
      const outcomes = answer(state, question, answers)
      swept()
      return outcomes
    },
    onFailure: (question) => close(state, question),
    onEvent: (event) => heedEvent(state, event),
    onHint: (hint) => heedHint(state, hint),
    lacking: (accountId, numbers) => lacking(state, accountId, numbers),
    unknown: (accountId, numbers) => unknown(state, accountId, numbers),
    pass: (text, write) => pass(state, text, write),
    sweep: swept,
    size: () => size(state),
  }
}

function heedEvent(state: GateState, { account, number, source }: GateEvent): void {
  const now = state.clock.monoMs()
  state.hints.release({ account, number, source }, now)
  const known = state.accounts.get(account)
  if (known === undefined) return
  const held = known.verdicts.get(number)
  known.verdicts.delete(number)
  // Neither held nor asked for: there is nothing that a later answer could bring back.
  const isHeld = held !== undefined && now < held.until
  if (isHeld || isAskedFor(known, account, number, now)) known.voidBefore.set(number, now)
  sweep(state, now)
}

/** Only questions of the last lease count: an answer to an older one has expired when it comes. */
function isAskedFor({ open }: AccountState, account: AccountId, number: PhoneNumber, now: number): boolean {
  for (const question of open) {
    if (now - question.askedAt < leaseMs && asksFor(question, account, number)) return true
  }
  return false
}

function heedHint(state: GateState, hint: GateHint): void {
  const now = state.clock.monoMs()
  sweep(state, now)
  if (state.hints.hold(hint, now)) return
  const known = hint.account === everyAccount ? undefined : AccountId.safeParse(hint.account).data
  state.hooks.onAlarm({ kind: 'hints-overflow', accountId: known ?? null })
}

function size({ accounts, hints, open }: GateState): GateSize {
  let verdicts = 0
  for (const account of accounts.values()) verdicts += account.verdicts.size
  return { accounts: accounts.size, verdicts, hints: hints.size(), questions: open.size }
}
