import { everyAccount } from '@heed/events'
import type { PhoneNumber } from '@heed/phone'
import { expect, test } from 'vitest'
import { a, b, clear, one, optedOut, say, testGate, two, verdicts } from '../tests/support.ts'
import { hintBook } from './hint-book.ts'
import { heardForMs, heardMax, hintHoldMs, hintsMax } from './protocol.ts'

const hint = (source = 'SM1', account: string = a) => ({ account, number: one, source })

/** Lets time pass and asks anew, so that only a hint can hold. */
function askLater({ gate, clock }: ReturnType<typeof testGate>, ms: number) {
  clock.advance(ms)
  for (const accountId of [a, b]) for (const number of [one, two]) clear(gate, accountId, number)
}

test('a hint holds its number, of its account alone, without taking the verdict away', () => {
  const given = testGate()
  askLater(given, 1)
  given.gate.onHint(hint())
  const { gate } = given
  expect([say(gate), say(gate, a, two), say(gate, b)]).toEqual(['hinted', 'passed', 'passed'])
})

test('a hint for an account that is not known holds the number for every account', () => {
  const given = testGate()
  askLater(given, 1)
  given.gate.onHint(hint('SM1', everyAccount))
  expect([say(given.gate, a), say(given.gate, b), say(given.gate, a, two)]).toEqual([
    'hinted',
    'hinted',
    'passed',
  ])
})

test('a hint holds a number that is blocked: what is not known is not reported as suppressed', () => {
  const { gate } = testGate()
  clear(gate, a, one, verdicts({ reasons: [optedOut] }))
  gate.onHint(hint())
  expect(say(gate)).toBe('hinted')
})

test('a hint heard before anything was asked holds', () => {
  const given = testGate()
  given.gate.onHint(hint())
  askLater(given, 1_000)
  expect(say(given.gate)).toBe('hinted')
})

test('a hint holds until 60 s after it was last heard', () => {
  const given = testGate()
  given.gate.onHint(hint())
  askLater(given, 20_000)
  given.gate.onHint(hint())
  askLater(given, hintHoldMs - 1)
  expect(say(given.gate)).toBe('hinted')
  askLater(given, 1)
  expect(say(given.gate)).toBe('passed')
})

test.each([a, everyAccount])('an event that names the source ends the hint for %s', (account) => {
  const given = testGate()
  given.gate.onHint(hint('SM1', account))
  given.gate.onEvent({ account: a, number: one, source: 'SM1' })
  askLater(given, 1)
  expect([say(given.gate, a), say(given.gate, b)]).toEqual(['passed', 'passed'])
})

test.each([a, everyAccount])(
  'a hint for %s that comes after the event which ends it holds nothing',
  (account) => {
    const given = testGate()
    given.gate.onEvent({ account: a, number: one, source: 'SM1' })
    given.clock.advance(heardForMs - 1)
    given.gate.onHint(hint('SM1', account))
    askLater(given, 0)
    expect(say(given.gate, a)).toBe('passed')
    given.clock.advance(1)
    given.gate.onHint(hint('SM1', account))
    askLater(given, 1)
    expect(say(given.gate, a)).toBe('hinted')
  },
)

test('an event of another account, and the oldest of very many, end no hint that comes later', () => {
  const book = hintBook()
  book.release({ account: b, number: one, source: 'SM1' }, 0)
  book.hold(hint(), 1)
  expect(book.holds(a, one, 2)).toBe(true)
  for (let index = 0; index <= heardMax; index++)
    book.release({ account: a, number: two, source: `SM${index}` }, 3)
  book.hold({ account: a, number: two, source: 'SM0' }, 4)
  expect(book.holds(a, two, 5)).toBe(true)
})

test('an event that names another source, number or account does not end the hint', () => {
  const given = testGate()
  given.gate.onHint(hint())
  given.gate.onEvent({ account: a, number: one, source: 'SM2' })
  given.gate.onEvent({ account: a, number: two, source: 'SM1' })
  given.gate.onEvent({ account: b, number: one, source: 'SM1' })
  askLater(given, 1)
  expect(say(given.gate)).toBe('hinted')
})

test('two opt-outs of one number are two hints, and each ends by itself', () => {
  const given = testGate()
  given.gate.onHint(hint('SM1'))
  given.gate.onHint(hint('SM2'))
  given.gate.onEvent({ account: a, number: one, source: 'SM1' })
  askLater(given, 1)
  expect(say(given.gate)).toBe('hinted')
  given.gate.onEvent({ account: a, number: one, source: 'SM2' })
  askLater(given, 1)
  expect(say(given.gate)).toBe('passed')
})

test('with more hints than can be kept every number is held for 60 s', () => {
  const book = hintBook()
  const numbered = (index: number) => ({
    account: a,
    number: `+1${1_000_000 + index}` as PhoneNumber,
    source: 's',
  })
  for (let index = 0; index < hintsMax; index++) book.hold(numbered(index), 0)
  expect(book.holds(b, one, 1)).toBe(false)
  expect(book.hold(numbered(hintsMax), 1)).toBe(false)
  expect(book.size()).toBe(hintsMax)
  expect(book.holds(b, one, hintHoldMs)).toBe(true)
  expect(book.holds(b, one, hintHoldMs + 1)).toBe(false)
  expect(book.hold(numbered(0), hintHoldMs)).toBe(true)
})

test('hints that are over leave nothing behind', () => {
  const { gate, clock } = testGate()
  gate.onHint(hint())
  gate.onHint(hint('SM2', everyAccount))
  expect(gate.size().hints).toBe(2)
  clock.advance(hintHoldMs)
  gate.sweep()
  expect(gate.size().hints).toBe(0)
})
