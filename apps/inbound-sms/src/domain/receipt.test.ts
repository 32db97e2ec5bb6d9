import { expect, test } from 'vitest'
import { readReceipt } from './receipt.ts'

const form = {
  MessageSid: 'SM1',
  AccountSid: 'AC1',
  MessageStatus: 'delivered',
  From: '+15550002222',
  To: '+15550001111',
}
const target = { attempt: 'a1', account: 'acme' }
const at = '2025-01-01T12:00:00.000Z'
const read = (
  changes: Record<string, string>,
  of: { attempt: string | null; account: string | null } = target,
) => readReceipt(Object.entries({ ...form, ...changes }), of, at)

test('a receipt names attempt, account, both numbers and what the carrier says', () => {
  expect(read({})).toEqual({
    kind: 'report',
    event: {
      v: 1,
      account: 'acme',
      attemptId: 'a1',
      providerId: 'SM1',
      status: 'delivered',
      businessNumber: '+15550002222',
      number: '+15550001111',
      at,
    },
  })
})

test.each([
  ['queued', 'accepted'],
  ['sending', 'accepted'],
  ['sent', 'sent'],
  ['read', 'delivered'],
  ['undelivered', 'undelivered'],
  ['failed', 'failed'],
  ['canceled', 'failed'],
])('%s is %s', (MessageStatus, status) => {
  expect(read({ MessageStatus })).toMatchObject({ event: { status } })
})

test('an error code is passed on, and 0 is none', () => {
  expect(read({ ErrorCode: '30003' })).toMatchObject({ event: { errorCode: '30003' } })
  expect(read({ ErrorCode: '0' })).not.toMatchObject({ event: { errorCode: expect.anything() } })
})

test('what names no attempt or account of ours, or no status that we know, is ignored', () => {
  expect(read({}, { attempt: null, account: 'acme' })).toEqual({ kind: 'ignored' })
  expect(read({}, { attempt: 'a\n1', account: 'acme' })).toEqual({ kind: 'ignored' })
  expect(read({}, { attempt: 'a1', account: 'acme.*' })).toEqual({ kind: 'ignored' })
  expect(read({ MessageStatus: 'receiving' })).toEqual({ kind: 'ignored' })
  expect(read({ To: 'nobody' })).toEqual({ kind: 'ignored' })
})
