import type { Counts } from '@heed/outbound'

export interface Counted {
  readonly recipients: number
  readonly counts: Counts
  readonly optOuts: number
}

/** Below this many rows counting costs next to nothing, and is done for everyone who asks. */
const largeFrom = 50_000
/** A million rows are counted at most every two seconds, however many watch. */
const rowsPerMs = 500
const keptMax = 1_000

/**
 * Counts the rows of broadcasts, those of a large one in turn: whoever asks soon after gets the same answer again, which
 * was true at one instant, unless `version` says that the broadcast has changed since.
 */
export function countsInTurn(monoMs: () => number) {
  const kept = new Map<string, { version: string; until: number; counted: Counted }>()
  return async (id: string, version: string, count: () => Promise<Counted>): Promise<Counted> => {
    const last = kept.get(id)
    if (last && last.version === version && monoMs() < last.until) return last.counted
    const counted = await count()
    kept.delete(id)
    if (counted.recipients < largeFrom) return counted
    kept.set(id, { version, until: monoMs() + counted.recipients / rowsPerMs, counted })
    for (const [oldest] of kept) {
      if (kept.size <= keptMax) break
      kept.delete(oldest)
    }
    return counted
  }
}
