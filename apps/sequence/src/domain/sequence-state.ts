/** Cancelled is final. */
export const sequenceStates = ['running', 'paused', 'cancelled'] as const
export type SequenceState = (typeof sequenceStates)[number]

export type Transition = 'pause' | 'resume' | 'cancel'

interface Rule {
  readonly from: readonly SequenceState[]
  readonly to: SequenceState
  /** Whether texts may be handed over afterwards. */
  readonly open: boolean
}

const rules: Readonly<Record<Transition, Rule>> = {
  pause: { from: ['running'], to: 'paused', open: false },
  resume: { from: ['paused'], to: 'running', open: true },
  cancel: { from: ['running', 'paused'], to: 'cancelled', open: false },
}

export function transitionRule(transition: Transition): Rule {
  return rules[transition]
}

/** Whether a repeated call finds its work done. */
export function isAlready(transition: Transition, state: SequenceState): boolean {
  return rules[transition].to === state
}
