import { AccountId, Epoch, PhoneNumber } from '@heed/phone'
import { type AccountVerdicts, createGate, type Gate, type GateHooks, type Reason } from '../src/index.ts'

export const a = AccountId.parse('a')
export const b = AccountId.parse('b')
export const one = PhoneNumber.parse('+15550001111')
export const two = PhoneNumber.parse('+15550002222')
export const epoch = Epoch.parse('00000000000000e1')
export const laterEpoch = Epoch.parse('00000000000000e2')
export const optedOut: Reason = { list: 'own', since: '2026-01-01T00:00:00.000Z', rev: 7 }

/** Two clocks that stand still until they are moved; a suspended machine moves the wall clock alone. */
export function handClock() {
  let mono = 1_000
  let wall = 1_700_000_000_000
  return {
    monoMs: () => mono,
    wallMs: () => wall,
    advance(ms: number) {
      mono += ms
      wall += ms
    },
    moveWall(ms: number) {
      wall += ms
    },
  }
}

export type HandClock = ReturnType<typeof handClock>

export function testGate(hooks: GateHooks = {}) {
  const clock = handClock()
  return { clock, gate: createGate({ clock, hooks }) }
}

export const text = (accountId = a, number = one) => ({ accountId, number, origin: 'broadcast' as const })

/** An answer that clears, or blocks, each of so many numbers. */
export function verdicts(
  given: Partial<Omit<AccountVerdicts, 'verdicts'>> & { reasons?: Reason[]; count?: number } = {},
): AccountVerdicts {
  const { reasons = [], count = 1, ...head } = given
  const verdict = { allowed: reasons.length === 0, reasons }
  return {
    epoch,
    rev: 7,
    leaseMs: 500,
    policy: { v: 1 },
    ...head,
    verdicts: Array.from({ length: count }, () => verdict),
  }
}

/** Asks for one number and answers at once. */
export function clear(gate: Gate, accountId = a, number = one, answer = verdicts()) {
  const question = gate.ask([{ accountId, numbers: [number] }])
  return gate.onAnswer(question, [answer])
}

/** What the gate says of one text: `passed`, `suppressed`, or why it holds. */
export function say(gate: Gate, accountId = a, number = one): string {
  const result = gate.pass(text(accountId, number), () => {})
  return result.outcome === 'hold' ? result.why : result.outcome
}
