import { expect, test } from 'vitest'
import { mayReplyLate } from './reply.ts'

const receivedAt = '2025-01-01T12:00:00.000Z'
const now = Date.parse(receivedAt)
const minutes = (count: number) => now + count * 60_000

test('a late confirmation leaves in time to arrive within five minutes of the message (47 CFR 64.1200(a)(12))', () => {
  expect(mayReplyLate({ receivedAt }, 'confirmation', minutes(4))).toBe(true)
  expect(mayReplyLate({ receivedAt }, 'confirmation', minutes(4) + 1)).toBe(false)
})

test('the time of the carrier counts where it is known, so that what a poll found late is not confirmed', () => {
  const sentAt = '2025-01-01T11:50:00.000Z'
  expect(mayReplyLate({ receivedAt, sentAt }, 'confirmation', now)).toBe(false)
})

test('a reply to a START is never sent late: a block may stand again', () => {
  expect(mayReplyLate({ receivedAt }, 'welcome', now)).toBe(false)
})
