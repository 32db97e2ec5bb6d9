import { PhoneNumber } from '@heed/phone'
import { expect, test } from 'vitest'
import { audienceOf } from './audience.ts'

const [one, two, three] = ['+15550000001', '+15550000002', '+15550000003'].map((text) =>
  PhoneNumber.parse(text),
) as [PhoneNumber, PhoneNumber, PhoneNumber]
const nobody = new Set<string>()

test('the same number twice is one recipient', () => {
  expect(audienceOf([{ number: one }, { number: one, contactId: 'c' }], nobody)).toEqual([
    { number: one, contactId: null, isSecondNumber: false },
  ])
})

test("a person's second number is accounted for and not texted", () => {
  const audience = audienceOf(
    [
      { number: one, contactId: 'ann' },
      { number: two, contactId: 'ann' },
      { number: three, contactId: 'bob' },
    ],
    nobody,
  )
  expect(audience.map(({ isSecondNumber }) => isSecondNumber)).toEqual([false, true, false])
})

test('a person who is in the broadcast already gets no second text', () => {
  expect(audienceOf([{ number: two, contactId: 'ann' }], new Set(['ann']))).toEqual([
    { number: two, contactId: 'ann', isSecondNumber: true },
  ])
})
