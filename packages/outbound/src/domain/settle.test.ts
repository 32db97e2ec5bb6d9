import type { Reason } from '@heed/clearance'
import { Epoch } from '@heed/phone'
import { expect, test } from 'vitest'
import type { HandOver } from '../carrier/carrier.ts'
import { defaultRetryLimits, settle } from './settle.ts'

const basis = { epoch: Epoch.parse('0123456789abcdef'), rev: 7, gatedAt: 1, writtenAt: 2, late: false }
const now = new Date('2025-01-01T12:00:00Z')
const since = now.toISOString()
const after = (handOver: HandOver, attempts = 0) =>
  settle({ handOver, attempts, limits: defaultRetryLimits, now, random: 1 })
const refused = (code: number | null, httpStatus: number, retryable = false) =>
  ({ outcome: 'refused', code, httpStatus, retryable, optedOut: code === 21610, basis }) as const

test('what the carrier accepted is sent', () => {
  expect(after({ outcome: 'accepted', providerId: 'SM1', basis })).toEqual({ state: 'sent', reasons: [] })
})

test.each(['no-answer', 'connection-broken', 'unclear-answer'] as const)(
  'what the carrier may have taken is unknown and not tried again: %s',
  (why) => {
    expect(after({ outcome: 'unknown', why, basis })).toEqual({
      state: 'unknown',
      reasons: [{ reason: why, since }],
    })
  },
)

test.each(['no-verdict', 'void', 'expired', 'clocks', 'hinted'] as const)(
  'holding spends no attempt, however often: %s',
  (why) => {
    expect(after({ outcome: 'held', why }, 9)).toMatchObject({ state: 'ready', countsAsAttempt: false })
  },
)

test('a block ends a text with every reason that stands, each under its own name', () => {
  const reasons: Reason[] = [
    { list: 'own', since, rev: 3 },
    { list: 'carrier', since, rev: 4 },
    { list: 'dnc', since, rev: 5 },
    { list: 'spring-sale', since, rev: 6 },
  ]
  const { epoch } = basis
  expect(after({ outcome: 'suppressed', reasons, epoch, rev: 7 })).toEqual({
    state: 'suppressed',
    refusalDue: false,
    reasons: [
      { reason: 'opt-out', list: 'own', since, rev: 3 },
      { reason: 'carrier-refusal', list: 'carrier', since, rev: 4 },
      { reason: 'do-not-contact', list: 'dnc', since, rev: 5 },
      { reason: 'blocked', list: 'spring-sale', since, rev: 6 },
    ],
  })
})

test('21610 suppresses and is to be told to compliance', () => {
  expect(after(refused(21610, 400))).toEqual({
    state: 'suppressed',
    reasons: [{ reason: 'carrier-refusal', list: 'carrier', since }],
    refusalDue: true,
  })
})

test('a definite failure of the moment is tried again, later each time, and counts', () => {
  const waits = [0, 1, 2, 8].map((attempts) => after(refused(20429, 429, true), attempts))
  expect(waits).toEqual(
    [1_000, 2_000, 4_000, 256_000].map((dueInMs) => ({ state: 'ready', dueInMs, countsAsAttempt: true })),
  )
  expect(after({ outcome: 'unreachable', cause: new Error('refused') })).toMatchObject({ state: 'ready' })
})

test('a carrier that says when is not asked before', () => {
  expect(after({ ...refused(20429, 429, true), retryAfterMs: 90_000 })).toMatchObject({ dueInMs: 90_000 })
})

test('after ten definite failures a text has failed', () => {
  expect(after({ outcome: 'unreachable', cause: null }, 9)).toEqual({
    state: 'failed',
    reasons: [{ reason: 'carrier-unreachable', since }],
    countsAsAttempt: true,
  })
})

test('what can never succeed is not tried twice', () => {
  expect(after(refused(21211, 400))).toMatchObject({
    state: 'failed',
    reasons: [{ reason: 'carrier-error-21211' }],
  })
  expect(after(refused(null, 404))).toMatchObject({ reasons: [{ reason: 'carrier-status-404' }] })
})

test.each([401, 403])('refused credentials are ours to mend, so the text waits: %s', (status) => {
  expect(after(refused(20003, status))).toMatchObject({ state: 'ready', countsAsAttempt: true })
})
