import { expect, test } from 'vitest'
import {
  a,
  b,
  clear,
  epoch,
  laterEpoch,
  one,
  optedOut,
  say,
  testGate,
  two,
  verdicts,
} from '../tests/support.ts'
import type { Alarm } from './hooks.ts'
import { epochsMax } from './protocol.ts'

function alarmedGate() {
  const alarms: Alarm[] = []
  return { ...testGate({ onAlarm: (alarm) => alarms.push(alarm) }), alarms }
}

test('a question carries each account and its numbers in the order asked', () => {
  const question = testGate().gate.ask([
    { accountId: b, numbers: [two, one] },
    { accountId: a, numbers: [one] },
  ])
  expect(question.input).toEqual({
    asks: [
      { accountId: b, numbers: [two, one] },
      { accountId: a, numbers: [one] },
    ],
  })
})

test('a rev below one seen before the question was asked is refused and alarmed', () => {
  const { gate, clock, alarms } = alarmedGate()
  clear(gate, a, one, verdicts({ rev: 9 }))
  clock.advance(1)
  expect(clear(gate, a, two, verdicts({ rev: 8 }))).toEqual(['rollback'])
  expect(say(gate, a, two)).toBe('no-verdict')
  expect(alarms).toEqual([{ kind: 'rollback', accountId: a }])
})

test('a rev below one seen since the question was asked is an answer overtaken, and is taken', () => {
  const { gate, clock, alarms } = alarmedGate()
  const earlier = gate.ask([{ accountId: a, numbers: [one] }])
  clock.advance(1)
  clear(gate, a, two, verdicts({ rev: 9 }))
  expect(gate.onAnswer(earlier, [verdicts({ rev: 8 })])).toEqual(['taken'])
  expect(say(gate)).toBe('passed')
  expect(alarms).toEqual([])
})

test('revs are compared within one account and one epoch', () => {
  const { gate } = alarmedGate()
  clear(gate, a, one, verdicts({ rev: 9 }))
  expect(clear(gate, b, one, verdicts({ rev: 1 }))).toEqual(['taken'])
  expect(clear(gate, a, one, verdicts({ epoch: laterEpoch, rev: 1 }))).toEqual(['taken'])
  expect(clear(gate, a, one, verdicts({ epoch, rev: 8 }))).toEqual(['rollback'])
})

test('the revs of a bounded number of epochs are remembered', () => {
  const { gate } = alarmedGate()
  clear(gate, a, one, verdicts({ rev: 9 }))
  for (let index = 0; index < epochsMax; index++) {
    const epochOf = `000000000000000${index}` as typeof epoch
    clear(gate, a, one, verdicts({ epoch: epochOf }))
  }
  expect(clear(gate, a, one, verdicts({ rev: 8 }))).toEqual(['taken'])
})

test('E9: an error for one account leaves the verdicts of the others', () => {
  const { gate } = alarmedGate()
  const question = gate.ask([
    { accountId: a, numbers: [one] },
    { accountId: b, numbers: [one] },
  ])
  const outcomes = gate.onAnswer(question, [{ error: { reason: 'unavailable' } }, verdicts()])
  expect(outcomes).toEqual(['unavailable', 'taken'])
  expect([say(gate, a), say(gate, b)]).toEqual(['no-verdict', 'passed'])
})

test('E9: an answer that cannot be read, or has too few verdicts, leaves the others', () => {
  const { gate, alarms } = alarmedGate()
  const asks = [a, b, a].map((accountId, index) => ({ accountId, numbers: index === 2 ? [one, two] : [one] }))
  const outcomes = gate.onAnswer(gate.ask(asks), [null, verdicts(), verdicts({ count: 1 })])
  expect(outcomes).toEqual(['malformed', 'taken', 'malformed'])
  expect(alarms.map(({ kind }) => kind)).toEqual(['malformed', 'malformed'])
  expect([say(gate, a), say(gate, b)]).toEqual(['no-verdict', 'passed'])
})

test.each([0, 1, 3])('two asks answered with %i answers are not answered at all', (count) => {
  const { gate } = alarmedGate()
  const asks = [a, b].map((accountId) => ({ accountId, numbers: [one] }))
  const answers = Array.from({ length: count }, () => verdicts())
  expect(gate.onAnswer(gate.ask(asks), answers)).toEqual(['malformed', 'malformed'])
  expect([say(gate, a), say(gate, b)]).toEqual(['no-verdict', 'no-verdict'])
})

test.each([
  ['allowed in spite of a reason that binds', { allowed: true, reasons: [optedOut] }],
  ['refused without any reason', { allowed: false, reasons: [] }],
])('a verdict that is %s is refused and alarmed', (_, verdict) => {
  const { gate, alarms } = alarmedGate()
  expect(clear(gate, a, one, { ...verdicts(), verdicts: [verdict] })).toEqual(['inconsistent'])
  expect(say(gate)).toBe('no-verdict')
  expect(alarms).toEqual([{ kind: 'inconsistent', accountId: a }])
})

test('an answer that comes after the lease clears nothing, and its rev still shows a rollback', () => {
  const { gate, clock } = alarmedGate()
  const slow = gate.ask([{ accountId: a, numbers: [one] }])
  clock.advance(5_000)
  gate.sweep()
  gate.onAnswer(slow, [verdicts({ rev: 9 })])
  expect(say(gate)).toBe('expired')
  expect(clear(gate, a, one, verdicts({ rev: 8 }))).toEqual(['rollback'])
})
