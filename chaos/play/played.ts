import type { Lift, Said, Sending } from '../facts/facts.ts'
import { isTooCrowded } from '../system/patience.ts'

/** What was done and seen while it went on. */
export interface Played {
  readonly said: Said[]
  readonly sendings: Sending[]
  /** Those of them that had not ended when the run did. */
  readonly unended: Sending[]
  /** What an admin has lifted. */
  readonly lifts: Lift[]
  /** What broke a promise at once, by its name. */
  readonly seen: Seen[]
  /** Malformed inputs by what became of them. */
  readonly malformed: { refused: number; unanswered: number }
}

export interface Seen {
  readonly check: string
  readonly what: string
  /** It was not quiet in time on a machine where nothing could have been. */
  readonly isUnsure?: boolean
}

/** What was not quiet in time (E12). */
export const tooLate = (what: string): Seen => ({ check: 'E12', what, isUnsure: isTooCrowded() })

export const nothingPlayed = (): Played => ({
  said: [],
  sendings: [],
  unended: [],
  lifts: [],
  seen: [],
  malformed: { refused: 0, unanswered: 0 },
})
