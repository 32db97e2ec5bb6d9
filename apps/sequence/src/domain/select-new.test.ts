import type { PhoneNumber } from '@heed/phone'
import { expect, test } from 'vitest'
import { type KnownEnrolment, selectNew } from './select-new.ts'

const n = (last: number) => `+1555200000${last}` as PhoneNumber
const known = (more: Partial<KnownEnrolment>): KnownEnrolment => ({
  id: 'en_1',
  number: n(1),
  contactId: null,
  generation: 1,
  state: 'active',
  ...more,
})

test('each number and each person is taken once, the first of each', () => {
  const given = [
    { number: n(1), contactId: 'ann' },
    { number: n(1), contactId: 'bob' },
    { number: n(2), contactId: 'ann' },
    { number: n(3) },
  ]
  expect(selectNew(given, [])).toEqual({
    fresh: [
      { number: n(1), contactId: 'ann', contactTurn: 1, generation: 1 },
      { number: n(3), contactId: null, contactTurn: null, generation: 1 },
    ],
    again: [],
  })
})

test('who is or was in the sequence stays as they are', () => {
  for (const state of ['active', 'finished', 'failed', 'cancelled'] as const) {
    expect(selectNew([{ number: n(1) }], [known({ state })])).toEqual({ fresh: [], again: [] })
  }
})

test('a number whose last enrolment was suppressed may begin anew', () => {
  const before = [
    known({ state: 'suppressed', contactId: 'ann' }),
    known({ state: 'suppressed', generation: 2 }),
  ]
  expect(selectNew([{ number: n(1), contactId: 'ann' }], before)).toEqual({
    fresh: [],
    again: [{ number: n(1), contactId: 'ann', contactTurn: 2, generation: 3 }],
  })
})

test('a person whose number was blocked is not texted on another number in its place', () => {
  const before = [known({ state: 'suppressed', contactId: 'ann' })]
  expect(selectNew([{ number: n(2), contactId: 'ann' }], before)).toEqual({ fresh: [], again: [] })
})
