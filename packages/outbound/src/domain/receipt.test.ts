import { expect, test } from 'vitest'
import { isCarrierRefusal, receiptRank, resolvedState } from './receipt.ts'

test.each(['accepted', 'sent', 'delivered'] as const)(
  'a receipt says that the carrier took it: %s',
  (status) => {
    expect(resolvedState({ status })).toBe('sent')
  },
)

test('an undelivered text has failed, and a refused one is suppressed', () => {
  expect(resolvedState({ status: 'undelivered', errorCode: '30003' })).toBe('failed')
  expect(resolvedState({ status: 'failed' })).toBe('failed')
  expect(resolvedState({ status: 'failed', errorCode: '21610' })).toBe('suppressed')
})

test('only a failure is a refusal', () => {
  expect(isCarrierRefusal({ status: 'sent', errorCode: '21610' })).toBe(false)
  expect(isCarrierRefusal({ status: 'undelivered', errorCode: '21610' })).toBe(true)
})

test('an end comes after what leads to it', () => {
  const { accepted, sent, undelivered, failed, delivered } = receiptRank
  expect(accepted).toBeLessThan(sent)
  for (const end of [undelivered, failed, delivered]) expect(sent).toBeLessThan(end)
})
