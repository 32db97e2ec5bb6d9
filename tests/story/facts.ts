import type { Phone } from './carrier.ts'

/** A word that somebody said, or an opt-out by hand: what was answered, and when. */
export interface Said {
  readonly word: 'stop' | 'start'
  readonly accountId: string
  readonly number: string
  /** The message id; null where the simulator died before it told one. */
  readonly source: string | null
  readonly by: 'carrier' | 'direct' | 'hand'
  /** When the 2xx was there, ms since 1970; null where none came. */
  readonly ackedAt: number | null
}

/** A broadcast or a sequence that was told to run. */
export interface Sending {
  readonly kind: 'broadcast' | 'sequence'
  readonly accountId: string
  readonly from: string
  readonly id: string
  readonly people: readonly string[]
  /** Stands in each of its texts and in no other's. */
  readonly tag: string
  cancelled: boolean
  /** When nothing of it may be written: from an answer to pause or cancel to the next resume asked for. */
  readonly pauses: { from: number; until: number }[]
}

export interface Reason {
  readonly reason: string
  readonly list?: string
  readonly rev?: number
}

/** A text that was to be sent: a recipient of a broadcast, or a step of an enrolment. */
export interface Row {
  readonly sending: Sending
  readonly number: string
  readonly state: string
  readonly reasons: readonly Reason[]
  readonly text: string
  readonly attemptId: string | null
  readonly gatedAt: string | null
  readonly writtenAt: string | null
  /** Which step of a sequence; 0 for a broadcast. */
  readonly step: number
}

export interface Enrolment {
  readonly sending: Sending
  readonly number: string
  readonly state: string
  readonly reasons: readonly Reason[]
}

export interface Change {
  readonly rev: number
  readonly number: string
  readonly list: string
  readonly op: string
  readonly outcome: string
  readonly source: string
  readonly at: string
}

/** Everything that can be seen when all is over. */
export interface Facts {
  readonly said: readonly Said[]
  readonly sendings: readonly Sending[]
  readonly rows: readonly Row[]
  readonly enrolments: readonly Enrolment[]
  /** By account. */
  readonly changes: ReadonlyMap<string, readonly Change[]>
  readonly heads: ReadonlyMap<string, number>
  /** By number. */
  readonly phones: ReadonlyMap<string, readonly Phone[]>
  /** Current state of `own` by account and number. */
  readonly states: ReadonlyMap<string, string>
  /** What the carrier took in: message id, and when, to the second. */
  readonly inbound: ReadonlyMap<string, { from: string; to: string; body: string; createdAt: number }>
  readonly numbersOf: ReadonlyMap<string, readonly string[]>
  readonly stopReply: string
  /** The carrier's list of messages is read every few seconds, so what no webhook brought is found, too. */
  readonly isPolled: boolean
  /** What was wrong while it went on. */
  readonly seen: readonly string[]
}

export const keyOf = (accountId: string, number: string) => `${accountId} ${number}`
