import type { AccountId, PhoneNumber } from '@heed/phone'
import { type AccountState, asksFor, type GateState, type HeldVerdict, type Question } from './gate-state.ts'
import { clocksApartMs, leaseMs, marginMs } from './protocol.ts'

/** Which of some numbers must be asked for now, and which questions under way will bring the rest. */
export interface Lacking {
  readonly numbers: readonly PhoneNumber[]
  readonly underWay: ReadonlySet<Question>
}

/** Why a verdict must not pass at this instant; null where it may. Written so that a clock reading NaN holds. */
export function staleness(verdict: HeldVerdict, now: number, wall: number): 'expired' | 'clocks' | null {
  if (!(now >= verdict.askedAt && now < verdict.until)) return 'expired'
  return Math.abs(wall - now - verdict.skew) <= clocksApartMs ? null : 'clocks'
}

/** Numbers that have no verdict, or too old a one to last another half lease, and are not being asked for. */
export function lacking(state: GateState, accountId: AccountId, numbers: readonly PhoneNumber[]): Lacking {
  const wall = state.clock.wallMs()
  const now = state.clock.monoMs()
  const account = state.accounts.get(accountId)
  if (account === undefined) return { numbers: [...new Set(numbers)], underWay: new Set() }
  // Only questions whose answers, if they came now, would last another half lease; the latest first.
  const useful = [...account.open]
    .filter(({ askedAt }) => askedAt + leaseMs - marginMs - now > leaseMs / 2)
    .reverse()
  const toAsk = new Set<PhoneNumber>()
  const underWay = new Set<Question>()
  for (const number of numbers) {
    const held = account.verdicts.get(number)
    if (held && held.until - now > leaseMs / 2 && staleness(held, now, wall) === null) continue
    const question = useful.find((one) => asksFor(one, accountId, number))
    if (question && !isVoided(account, number, question)) underWay.add(question)
    else toAsk.add(number)
  }
  return { numbers: [...toAsk], underWay }
}

function isVoided({ voidBefore }: AccountState, number: PhoneNumber, { askedAt }: Question): boolean {
  const voided = voidBefore.get(number)
  return voided !== undefined && !(askedAt > voided)
}

/** Numbers that the gate would hold now until they are asked for. */
export function unknown(
  state: GateState,
  accountId: AccountId,
  numbers: readonly PhoneNumber[],
): readonly PhoneNumber[] {
  const wall = state.clock.wallMs()
  const now = state.clock.monoMs()
  const verdicts = state.accounts.get(accountId)?.verdicts
  return numbers.filter((number) => {
    const held = verdicts?.get(number)
    return held === undefined || staleness(held, now, wall) !== null
  })
}
