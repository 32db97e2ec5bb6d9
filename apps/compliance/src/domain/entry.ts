import type { ConsentOp } from '@heed/events'

/**
 * What a decision did: `turned` a free number into a blocked one, `renewed` a block's time, found it `known`
 * already, `lifted` a block, found `no-block` to lift, or was `stale`: sent no later than the block.
 */
export type Outcome = 'turned' | 'renewed' | 'known' | 'lifted' | 'no-block' | 'stale'

/**
 * One change of one number on one list, as it stands in a head's `recent` until it is folded, and in the ledger
 * for ever. At most about 300 bytes, because 512 of them fit in a head.
 */
export interface Entry {
  readonly rev: number
  readonly n: string
  readonly list: string
  readonly op: ConsentOp
  readonly outcome: Outcome
  readonly src: string
  /** When the carrier took the message in, where it was told with the change. */
  readonly sentAt?: Date
  /** The carrier account whose clock `sentAt` is, or would be asked of. */
  readonly carrierAccount?: string
  /** The person texted it, so that by default only the person lifts it. */
  readonly texted?: true
  /** When the change was decided, by the authority's clock. */
  readonly at: Date
}

/** One opt-out that holds a block. */
export interface HoldingSource {
  readonly src: string
  readonly sentAt?: Date
  readonly carrierAccount?: string
}

/** A number on a list as the blocklist keeps it; null where there was never a change that turned it. */
export interface BlockState {
  readonly n: string
  readonly list: string
  readonly blocked: boolean
  /** The rev of the last block or lift. */
  readonly rev: number
  /** When and by what the state turned to what it is. */
  readonly since: Date
  readonly sinceSource: string
  /** Of the last block or lift. */
  readonly at: Date
  /** The opt-outs that hold the block, the last eight; empty where nothing blocks. */
  readonly sources: readonly HoldingSource[]
  /** How many hold it. */
  readonly held: number
  readonly texted: boolean
}

export const holdingSourcesMax = 8
