import type { Facts } from '../facts/facts.ts'
import type { FirstByte } from './first-bytes.ts'
import type { Ledgers } from './ledgers.ts'

/** What the checks look at: what was seen, and what is worked out of it once. */
export interface Evidence {
  readonly facts: Facts
  readonly ledgers: Ledgers
  readonly firstBytes: readonly FirstByte[]
}

/** One promise of the design, and what breaks it, in words; empty where it holds. */
export interface Check {
  readonly name: string
  readonly promise: string
  find(evidence: Evidence): string[]
  /** It is about what has to be so within a time, which a crowded machine does not give. */
  readonly isOfTime?: boolean
}

/** What a check came to. */
export interface Verdict {
  readonly name: string
  readonly promise: string
  readonly broken: readonly string[]
  /** What nobody can judge: the machine gave the processes no time. */
  readonly unsure: readonly string[]
}
