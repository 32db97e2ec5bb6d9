import { expect, test } from 'vitest'
import { foldProgress } from './progress.ts'

test('enrolments sum by state, and each step sums to those that have reached it', () => {
  const progress = foldProgress(
    [
      { state: 'active', outcomes: ['waiting'], count: 5 },
      { state: 'active', outcomes: ['sent', 'waiting'], count: 3 },
      { state: 'suppressed', outcomes: ['sent', 'suppressed'], count: 2 },
      { state: 'suppressed', outcomes: ['suppressed'], count: 1 },
      { state: 'finished', outcomes: ['sent', 'unknown'], count: 4 },
    ],
    3,
  )
  expect(progress.enrolments).toEqual({ active: 8, finished: 4, suppressed: 3, failed: 0, cancelled: 0 })
  expect(progress.steps).toEqual([
    { waiting: 5, sent: 9, suppressed: 1, failed: 0, unknown: 0 },
    { waiting: 3, sent: 0, suppressed: 2, failed: 0, unknown: 4 },
    { waiting: 0, sent: 0, suppressed: 0, failed: 0, unknown: 0 },
  ])
})
