/**
 * `preparing` is a draft whose recipients are not all kept yet: nobody sees it. What a crash leaves of it is
 * `removing`. `trial` is an account's lane of test sends, which nobody sees either. `finished` and `cancelled` are final.
 */
export const broadcastStates = [
  'preparing',
  'removing',
  'trial',
  'draft',
  'scheduled',
  'running',
  'paused',
  'finished',
  'cancelled',
] as const
export type BroadcastState = (typeof broadcastStates)[number]

export type Transition = 'schedule' | 'unschedule' | 'start' | 'pause' | 'resume' | 'cancel' | 'finish'

interface Rule {
  readonly from: readonly BroadcastState[]
  readonly to: BroadcastState
  /** Whether texts may be handed over afterwards. */
  readonly open: boolean
}

const rules: Readonly<Record<Transition, Rule>> = {
  schedule: { from: ['draft', 'scheduled'], to: 'scheduled', open: false },
  unschedule: { from: ['scheduled'], to: 'draft', open: false },
  start: { from: ['draft', 'scheduled'], to: 'running', open: true },
  pause: { from: ['running'], to: 'paused', open: false },
  resume: { from: ['paused'], to: 'running', open: true },
  cancel: { from: ['draft', 'scheduled', 'running', 'paused'], to: 'cancelled', open: false },
  finish: { from: ['running', 'paused'], to: 'finished', open: false },
}

export function transitionRule(transition: Transition): Rule {
  return rules[transition]
}

/** Whether a repeated call finds its work done. */
export function isAlready(transition: Transition, state: BroadcastState): boolean {
  return rules[transition].to === state
}
