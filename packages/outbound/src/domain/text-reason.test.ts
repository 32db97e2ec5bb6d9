import { expect, test } from 'vitest'
import { blockReasons } from './text-reason.ts'

const since = '2026-01-01T00:00:00.000Z'

test.each([
  ['own', 'opt-out'],
  ['carrier', 'carrier-refusal'],
  ['dnc', 'do-not-contact'],
  ['news', 'blocked'],
  ['constructor', 'blocked'],
])('a block of the list %s is reported as %s', (list, reason) => {
  expect(blockReasons([{ list, since, rev: 7 }])).toEqual([{ reason, list, since, rev: 7 }])
})
