import type { Phone } from '../outside/carrier.ts'
import type { Played } from '../play/played.ts'
import type { Outage } from '../system/outages.ts'

/** A word that somebody said, or an opt-out by hand or by import: what was answered, and when. */
export interface Said {
  readonly word: 'stop' | 'start'
  readonly accountId: string
  readonly number: string
  /** The message id; null where the simulator died before it told one. */
  readonly source: string | null
  readonly by: 'carrier' | 'direct' | 'hand' | 'import'
  /** When the 2xx was there, ms since 1970; null where none came. */
  readonly ackedAt: number | null
}

/** A block that an admin has lifted, named by `basis`, the rev seen. */
export interface Lift {
  readonly accountId: string
  readonly number: string
  readonly basis: number
  readonly rev: number
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
  readonly epoch: string | null
  readonly rev: number | null
  readonly gatedAt: string | null
  readonly writtenAt: string | null
  readonly providerId: string | null
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
  readonly source: string
  readonly at: string
  /** As the history has it; only for those who are texted. */
  readonly outcome?: string
}

/** What one account's ledger says, and what is made of it. */
export interface AccountFacts {
  readonly accountId: string
  readonly numbers: readonly string[]
  readonly epoch: string
  readonly head: number
  readonly changes: readonly Change[]
  /** The blocklist as compliance tells it: `number list` to rev. */
  readonly blocked: ReadonlyMap<string, number>
  /** State of `own` by number, of those who are texted. */
  readonly states: ReadonlyMap<string, string>
  /** What a subscriber that follows the rule holds in the end. */
  readonly copy: {
    readonly epoch: string
    readonly rev: number
    readonly blocked: ReadonlyMap<string, number>
  }
}

/** Everything that can be seen when all is over. */
export interface Facts extends Played {
  readonly rows: readonly Row[]
  readonly enrolments: readonly Enrolment[]
  readonly accounts: readonly AccountFacts[]
  /** By number. */
  readonly phones: ReadonlyMap<string, readonly Phone[]>
  /** What the carrier took in: message id, and when, to the second. */
  readonly inbound: ReadonlyMap<string, { from: string; to: string; body: string; createdAt: number }>
  readonly stopReply: string
  readonly outages: readonly Outage[]
  /** What `npm run verify-ledger` found wrong. */
  readonly ledgerFaults: readonly string[]
  /** The machine gave the processes too little time for anything to be quiet within a time. */
  readonly isCrowded: boolean
}

export const keyOf = (accountId: string, number: string) => `${accountId} ${number}`
export const textKeyOf = (number: string, from: string, body: string) => `${number} ${from} ${body}`
