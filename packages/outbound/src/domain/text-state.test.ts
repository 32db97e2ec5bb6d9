import { expect, test } from 'vitest'
import { foldCounts, outwardState, textStates } from './text-state.ts'

test('every state is one of five to the outside, so the five counts sum to the texts', () => {
  const counts = foldCounts(textStates.map((state, index) => [state, 10 ** index]))
  expect(counts).toEqual({ waiting: 111, sent: 1e3, suppressed: 1e4, failed: 1e5, unknown: 1e6 })
  expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(1_111_111)
})

test('what is claimed, held or in flight is waiting', () => {
  expect((['ready', 'claimed', 'sending'] as const).map(outwardState)).toEqual(Array(3).fill('waiting'))
})
