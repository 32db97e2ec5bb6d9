/**
 * `preparing` is a draft whose recipients are not all kept yet: nobody sees it. What a crash leaves of it is
 * `removing`. `finished` and `cancelled` are final.
 */
export const broadcastStates = [
  'preparing',
  'removing',
  'draft',
  'running',
  'paused',
  'finished',
  'cancelled',
] as const
export type BroadcastState = (typeof broadcastStates)[number]

export type Transition = 'start' | 'pause' | 'resume' | 'cancel' | 'finish'

interface Rule {
  readonly from: readonly BroadcastState[]
  readonly to: BroadcastState
  /** Whether texts may be handed over afterwards. */
  readonly open: boolean
}

const rules: Readonly<Record<Transition, Rule>> = {
  start: { from: ['draft'], to: 'running', open: true },
  pause: { from: ['running'], to: 'paused', open: false },
  resume: { from: ['paused'], to: 'running', open: true },
  cancel: { from: ['draft', 'running', 'paused'], to: 'cancelled', open: false },
  finish: { from: ['running', 'paused'], to: 'finished', open: false },
}

export function transitionRule(transition: Transition): Rule {
  return rules[transition]
}

/** Whether a repeated call finds its work done. */
export function isAlready(transition: Transition, state: BroadcastState): boolean {
  return rules[transition].to === state
}
