import type { BlockState } from './entry.ts'

/** The resolution of carriers' times: Twilio's `date_created` is in whole seconds. */
const resolutionMs = 1_000
/** Against a block whose time is not known, a START counts only this long after our commit of the block. */
const afterCommitMs = 60_000

/** A person's own START, with what the carrier told of times. */
export interface TextedOptIn {
  /** When the carrier took the START in; absent while unknown, and then it lifts nothing. */
  readonly sentAt?: Date
  readonly carrierAccount?: string
  /** The carrier's times of the opt-outs that hold the number, by source. */
  readonly blockTimes: ReadonlyMap<string, Date>
}

/** Whether a START lifts this block: only if it was surely sent later than every opt-out that holds it (E5). */
export function startIsLater(block: BlockState, start: TextedOptIn): boolean {
  if (!start.sentAt) return false
  const blockedAt = blockTime(block, start)
  if (blockedAt === null) return start.sentAt.getTime() > block.at.getTime() + afterCommitMs
  return start.sentAt.getTime() >= blockedAt + resolutionMs
}

/**
 * The latest of the holding opt-outs' times, or null where one of them is unknown, is of another carrier account
 * (two carriers' clocks do not compare), or is no longer among the sources kept.
 */
function blockTime(block: BlockState, start: TextedOptIn): number | null {
  if (block.held > block.sources.length || block.sources.length === 0) return null
  let latest = Number.NEGATIVE_INFINITY
  for (const source of block.sources) {
    const time = source.sentAt ?? start.blockTimes.get(source.src)
    if (!time || !start.carrierAccount || source.carrierAccount !== start.carrierAccount) return null
    latest = Math.max(latest, time.getTime())
  }
  return latest
}
