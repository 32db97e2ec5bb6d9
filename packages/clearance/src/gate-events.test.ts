import { expect, test } from 'vitest'
import { a, b, clear, epoch, one, optedOut, say, testGate, two, verdicts } from '../tests/support.ts'

const event = (number = one, account = a) => ({ account, number, source: 'SM1' })

test('an event takes the verdict away', () => {
  const { gate, clock } = testGate()
  clear(gate)
  clock.advance(1)
  gate.onEvent(event())
  expect(say(gate)).toBe('void')
})

test('an event never allows: a blocked number stays blocked until an answer says otherwise', () => {
  const { gate, clock } = testGate()
  clear(gate, a, one, verdicts({ reasons: [optedOut] }))
  clock.advance(1)
  const lift = { ...event(), op: 'lift', list: 'own', epoch, rev: 8 }
  gate.onEvent(lift)
  expect(say(gate)).toBe('void')
})

test('an answer to a question from before the event is void, also where it comes after', () => {
  const { gate, clock } = testGate()
  const question = gate.ask([{ accountId: a, numbers: [one, two] }])
  clock.advance(1)
  gate.onEvent(event())
  clock.advance(1)
  gate.onAnswer(question, [verdicts({ count: 2 })])
  expect([say(gate), say(gate, a, two)]).toEqual(['void', 'passed'])
})

test('an answer to a question from the very instant of the event is void', () => {
  const { gate } = testGate()
  clear(gate)
  gate.onEvent(event())
  clear(gate)
  expect(say(gate)).toBe('void')
})

test('an event concerns its own account and number only', () => {
  const { gate, clock } = testGate()
  for (const accountId of [a, b]) for (const number of [one, two]) clear(gate, accountId, number)
  clock.advance(1)
  gate.onEvent(event(one, a))
  expect([say(gate, a, two), say(gate, b, one), say(gate, b, two)]).toEqual(['passed', 'passed', 'passed'])
})

test('an event about a number neither held nor asked for leaves nothing behind', () => {
  const { gate } = testGate()
  gate.onEvent(event())
  expect(gate.size().accounts).toBe(0)
  clear(gate, a, two)
  gate.onEvent(event(one))
  clear(gate, a, one)
  expect(say(gate)).toBe('passed')
})

test('the answer to an earlier question does not replace that to a later one', () => {
  const { gate, clock } = testGate()
  const earlier = gate.ask([{ accountId: a, numbers: [one] }])
  clock.advance(10)
  const later = gate.ask([{ accountId: a, numbers: [one] }])
  gate.onAnswer(later, [verdicts({ rev: 8, reasons: [optedOut] })])
  gate.onAnswer(earlier, [verdicts({ rev: 7 })])
  expect(say(gate)).toBe('suppressed')
})

test('of two answers asked for in one instant the higher rev stands', () => {
  for (const order of [0, 1]) {
    const { gate } = testGate()
    const questions = [0, 1].map(() => gate.ask([{ accountId: a, numbers: [one] }]))
    const answers = [verdicts({ rev: 8, reasons: [optedOut] }), verdicts({ rev: 7 })]
    for (const index of order === 0 ? [0, 1] : [1, 0]) {
      const question = questions[index]
      const answer = answers[index]
      if (question && answer) gate.onAnswer(question, [answer])
    }
    expect(say(gate)).toBe('suppressed')
  }
})
