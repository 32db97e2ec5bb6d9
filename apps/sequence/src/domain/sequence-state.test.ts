import { expect, test } from 'vitest'
import { isAlready, sequenceStates, transitionRule } from './sequence-state.ts'

test('a cancelled sequence is cancelled for good, and only a running one hands texts over', () => {
  for (const transition of ['pause', 'resume', 'cancel'] as const) {
    const { from, to, open } = transitionRule(transition)
    expect(from).not.toContain('cancelled')
    expect(open).toBe(to === 'running')
    expect(sequenceStates.filter((state) => isAlready(transition, state))).toEqual([to])
  }
})
