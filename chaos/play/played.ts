import type { Lift, Said, Sending } from '../facts/facts.ts'

/** What was done and seen while it went on. */
export interface Played {
  readonly said: Said[]
  readonly sendings: Sending[]
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
}

export const nothingPlayed = (): Played => ({
  said: [],
  sendings: [],
  lifts: [],
  seen: [],
  malformed: { refused: 0, unanswered: 0 },
})
