import { expect, test } from 'vitest'
import { broadcastStates, type Transition, transitionRule } from './broadcast-state.ts'

const transitions: Transition[] = ['schedule', 'unschedule', 'start', 'pause', 'resume', 'cancel', 'finish']

test('texts may be handed over in the state running alone', () => {
  for (const transition of transitions) {
    const { to, open } = transitionRule(transition)
    expect(open).toBe(to === 'running')
  }
})

test('what is finished or cancelled stays so, and what is being prepared cannot be sent', () => {
  for (const transition of transitions) {
    const { from } = transitionRule(transition)
    for (const state of ['finished', 'cancelled', 'preparing', 'removing', 'trial'] as const)
      expect(from).not.toContain(state)
  }
})

test('every state that callers see is reached', () => {
  const reached = new Set(['draft', ...transitions.map((transition) => transitionRule(transition).to)])
  expect([...reached].toSorted()).toEqual(
    broadcastStates.filter((state) => !['preparing', 'removing', 'trial'].includes(state)).toSorted(),
  )
})
