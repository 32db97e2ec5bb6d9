import { expect, test } from 'vitest'
import { type CarrierName, carrierOptOuts, tellsOptOut } from './carrier-opt-outs.ts'

const carriers = Object.keys(carrierOptOuts) as CarrierName[]

test.each([
  ['twilio', 'answer', 21610],
  ['twilio', 'receipt', '21610'],
  ['telnyx', 'answer', '40300'],
  ['telnyx', 'receipt', 40300],
  ['plivo', 'receipt', 200],
  ['vonage', 'receipt', '9'],
  ['aws', 'answer', 'DESTINATION_PHONE_NUMBER_OPTED_OUT'],
] as const)('%s tells an opt-out in its %s by %s', (carrier, told, code) => {
  expect(tellsOptOut(carrier, told, code)).toBe(true)
})

test('a code means an opt-out with its own carrier alone', () => {
  for (const owner of carriers)
    for (const other of carriers)
      for (const told of ['answer', 'receipt'] as const)
        if (other !== owner) expect(tellsOptOut(other, told, carrierOptOuts[owner].code)).toBe(false)
})

test('an HTTP status 200 in an answer is no opt-out, nor a status 9 of a hand-over', () => {
  expect(tellsOptOut('plivo', 'answer', 200)).toBe(false)
  expect(tellsOptOut('vonage', 'answer', 9)).toBe(false)
})

test('what is missing or no code of the carrier is no opt-out', () => {
  for (const carrier of carriers)
    for (const code of [null, undefined, '', 0, '0', ' 9', '09', 'constructor'])
      expect(tellsOptOut(carrier, 'receipt', code)).toBe(false)
})
