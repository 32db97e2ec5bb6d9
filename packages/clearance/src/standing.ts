import type { AccountId, PhoneNumber } from '@heed/phone'
import type { AnswerBasis, GateState, NumberState, Question } from './gate-state.ts'
import { clocksApartMs, leaseMs, marginMs } from './protocol.ts'

/** Which of some numbers must be asked for now, and which questions under way will bring the rest. */
export interface Lacking {
  readonly numbers: readonly PhoneNumber[]
  readonly underWay: ReadonlySet<Question>
}

/** Why a verdict must not pass at this instant; null where it may. Written so that a clock reading NaN holds. */
export function staleness(basis: AnswerBasis, now: number, wall: number): 'expired' | 'clocks' | null {
  if (!(now >= basis.askedAt && now < basis.until)) return 'expired'
  return Math.abs(wall - now - basis.skew) <= clocksApartMs ? null : 'clocks'
}

/** Numbers that have no verdict, or too old a one to last another half lease, and are not being asked for. */
export function lacking(state: GateState, accountId: AccountId, numbers: readonly PhoneNumber[]): Lacking {
  const wall = state.clock.wallMs()
  const now = state.clock.monoMs()
  const known = state.accounts.get(accountId)?.numbers
  const toAsk = new Set<PhoneNumber>()
  const underWay = new Set<Question>()
  for (const number of numbers) {
    const one = known?.get(number)
    if (one?.basis && one.basis.until - now > leaseMs / 2 && staleness(one.basis, now, wall) === null)
      continue
    const question = one === undefined ? null : usefulQuestion(one, now)
    if (question === null) toAsk.add(number)
    else underWay.add(question)
  }
  return { numbers: [...toAsk], underWay }
}

/** A question whose answer, if it came now, would last another half lease. */
function usefulQuestion({ question, voidBefore }: NumberState, now: number): Question | null {
  if (question === null || (voidBefore !== null && !(question.askedAt > voidBefore))) return null
  return question.askedAt + leaseMs - marginMs - now > leaseMs / 2 ? question : null
}

/** Numbers that the gate would hold now until they are asked for. */
export function unknown(state: GateState, accountId: AccountId, numbers: readonly PhoneNumber[]) {
  const wall = state.clock.wallMs()
  const now = state.clock.monoMs()
  const known = state.accounts.get(accountId)?.numbers
  return numbers.filter((number) => {
    const basis = known?.get(number)?.basis
    return !basis || staleness(basis, now, wall) !== null
  })
}
