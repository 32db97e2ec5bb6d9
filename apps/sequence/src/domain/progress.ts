import type { Counts, OutwardState } from '@heed/outbound'
import { type EnrolmentState, enrolmentStates } from './enrolment.ts'

/** How many enrolments are alike in state and in what became of their steps. */
export interface EnrolmentGroup {
  readonly state: EnrolmentState
  readonly outcomes: readonly OutwardState[]
  readonly count: number
}

export interface Progress {
  /** By state; they sum to all enrolments. */
  readonly enrolments: Readonly<Record<EnrolmentState, number>>
  /** For each step; they sum to the enrolments that have reached it, the first's to all. */
  readonly steps: readonly Counts[]
}

/** Both sets of counts from one reading, so that they agree with each other at every instant. */
export function foldProgress(groups: readonly EnrolmentGroup[], stepCount: number): Progress {
  const enrolments = Object.fromEntries(enrolmentStates.map((state) => [state, 0])) as Record<
    EnrolmentState,
    number
  >
  const steps = Array.from({ length: stepCount }, () => ({
    waiting: 0,
    sent: 0,
    suppressed: 0,
    failed: 0,
    unknown: 0,
  }))
  for (const { state, outcomes, count } of groups) {
    enrolments[state] += count
    outcomes.forEach((outcome, index) => {
      const step = steps[index]
      if (step) step[outcome] += count
    })
  }
  return { enrolments, steps }
}
