import type { PhoneNumber } from '@heed/phone'
import { expect, test } from 'vitest'
import { a, b, clear, one, say, testGate, two, verdicts } from '../tests/support.ts'
import { accountRestMs, leaseMs } from './protocol.ts'

test('an account at rest leaves nothing behind', () => {
  const { gate, clock } = testGate()
  clear(gate)
  clock.advance(1)
  gate.onEvent({ account: a, number: one, source: 'SM1' })
  clear(gate, b)
  gate.ask([{ accountId: b, numbers: [two] }])
  clock.advance(leaseMs)
  gate.sweep()
  expect(gate.size()).toMatchObject({ verdicts: 0, questions: 0 })
  clock.advance(accountRestMs)
  gate.sweep()
  expect(gate.size()).toEqual({ accounts: 0, verdicts: 0, hints: 0, questions: 0 })
})

test('a process that goes on asking holds no more than the verdicts of two leases', () => {
  const { gate, clock } = testGate()
  let most = 0
  for (let round = 0; round < 200; round++) {
    const numbers = Array.from(
      { length: 10 },
      (_, index) => `+1555${1_000_000 + round * 10 + index}` as PhoneNumber,
    )
    gate.onAnswer(gate.ask([{ accountId: a, numbers }]), [verdicts({ count: 10 })])
    clock.advance(50)
    most = Math.max(most, gate.size().verdicts)
  }
  expect(most).toBeLessThanOrEqual((2 * leaseMs * 10) / 50)
})

test('a question that is neither answered nor failed is forgotten after its lease', () => {
  const { gate, clock } = testGate()
  gate.ask([{ accountId: a, numbers: [one] }])
  clock.advance(leaseMs)
  clear(gate, a, two)
  expect(gate.size().questions).toBe(0)
})

test('sweeping takes no verdict that could still pass, and no event that could still matter', () => {
  const { gate, clock } = testGate()
  gate.sweep()
  clock.advance(leaseMs - 100)
  const question = gate.ask([{ accountId: a, numbers: [one] }])
  clear(gate, a, two)
  gate.onEvent({ account: a, number: one, source: 'SM1' })
  clock.advance(100)
  gate.sweep()
  gate.onAnswer(question, [verdicts()])
  expect([say(gate), say(gate, a, two)]).toEqual(['void', 'passed'])
})
