import type { AccountId, PhoneNumber } from '@heed/phone'
import { bindingReasons } from './binds.ts'
import {
  type AccountState,
  accountState,
  type GateState,
  type HeldVerdict,
  type Question,
  type SeenRev,
} from './gate-state.ts'
import type { AlarmKind } from './hooks.ts'
import { epochsMax, leaseMs, marginMs } from './protocol.ts'
import type { AccountVerdicts, CheckAnswer, CheckAsk, CheckRefusal } from './verdict.ts'

/** What became of one ask. Anything but `taken` leaves its numbers without a new verdict. */
export type AskOutcome =
  | 'taken'
  | CheckRefusal
  | Extract<AlarmKind, 'rollback' | 'malformed' | 'inconsistent'>

/** The numbers of one account that a question asks for. */
export interface NumbersOfAccount {
  readonly accountId: AccountId
  readonly numbers: readonly PhoneNumber[]
}

/** Opens a question; to be called in the instant before it is sent, because its lease counts from here. */
export function ask(state: GateState, asks: readonly NumbersOfAccount[]): Question {
  const askedAt = state.clock.monoMs()
  const skew = state.clock.wallMs() - askedAt
  const accounts = asks.map(({ accountId }) => accountState(state, accountId))
  const question: Question = {
    input: { asks: asks.map(({ accountId, numbers }) => ({ accountId, numbers: [...numbers] })) },
    askedAt,
    skew,
    seenBefore: accounts.map(({ seen }) => seen),
    index: new Map(),
  }
  for (const account of accounts) {
    account.activeAt = askedAt
    account.open.add(question)
  }
  state.open.add(question)
  return question
}

/** Its numbers are asked for no more. Closing twice changes nothing. */
export function close(state: GateState, question: Question): void {
  if (!state.open.delete(question)) return
  for (const { accountId } of question.input.asks) state.accounts.get(accountId)?.open.delete(question)
}

/**
 * Takes the answers to a question, one for each ask in its order (null: it could not be read), and closes it.
 * Answers that come after the lease still show the authority's revs; their verdicts have expired.
 */
export function answer(
  state: GateState,
  question: Question,
  answers: readonly (CheckAnswer | null)[],
): readonly AskOutcome[] {
  const { asks } = question.input
  close(state, question)
  // With an answer missing or one too many there is no telling which account each belongs to.
  const fits = answers.length === asks.length
  return asks.map((one, index) => {
    const given = answers[index]
    const outcome = fits && given ? judge(given, one, question.seenBefore[index] ?? []) : 'malformed'
    if (given && 'verdicts' in given && outcome === 'taken') store(state, question, one, given)
    else if (outcome === 'rollback' || outcome === 'malformed' || outcome === 'inconsistent')
      state.hooks.onAlarm({ kind: outcome, accountId: one.accountId })
    return outcome
  })
}

function judge(given: CheckAnswer, one: CheckAsk, seenBefore: readonly SeenRev[]): AskOutcome {
  if ('error' in given) return given.error.reason
  if (given.verdicts.length !== one.numbers.length) return 'malformed'
  const floor = seenBefore.find(({ epoch }) => epoch === given.epoch)
  if (floor !== undefined && !(given.rev >= floor.rev)) return 'rollback'
  for (const { allowed, reasons } of given.verdicts) {
    // The two sides run the same function; if they differ, one of them is not what the other thinks it is.
    if (allowed !== (bindingReasons(reasons, one.origin, given.policy).length === 0)) return 'inconsistent'
  }
  return 'taken'
}

function store(state: GateState, question: Question, one: CheckAsk, given: AccountVerdicts): void {
  const { askedAt, skew } = question
  const { epoch, rev, policy } = given
  const until = askedAt + Math.min(given.leaseMs, leaseMs) - marginMs
  const clear: HeldVerdict = { reasons: [], epoch, rev, policy, askedAt, until, skew }
  const account = accountState(state, one.accountId)
  account.activeAt = state.clock.monoMs()
  remember(account, given)
  one.numbers.forEach((number, index) => {
    const reasons = given.verdicts[index]?.reasons
    if (reasons === undefined || isOvertaken(account, number, clear)) return
    account.verdicts.set(number, reasons.length === 0 ? clear : { ...clear, reasons })
  })
}

/** Whether an event, or the answer to a later question, speaks against storing this one. */
function isOvertaken(
  { voidBefore, verdicts }: AccountState,
  number: PhoneNumber,
  given: HeldVerdict,
): boolean {
  const voided = voidBefore.get(number)
  if (voided !== undefined && !(given.askedAt > voided)) return true
  const held = verdicts.get(number)
  if (held === undefined || held.askedAt < given.askedAt) return false
  if (held.askedAt > given.askedAt) return true
  // Asked in the same instant: between answers of one epoch the rev tells which is the newer.
  return held.epoch === given.epoch && held.rev > given.rev
}

function remember(account: AccountState, { epoch, rev }: SeenRev): void {
  const known = account.seen.find((seen) => seen.epoch === epoch)
  if (known !== undefined && known.rev >= rev) return
  account.seen = [{ epoch, rev }, ...account.seen.filter((seen) => seen !== known)].slice(0, epochsMax)
}
