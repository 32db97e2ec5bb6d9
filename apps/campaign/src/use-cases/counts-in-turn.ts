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
  /** Of large ones alone, those that were counted last at the end. */
  const kept = new Map<string, { version: string; until: number; counted: Promise<Counted> }>()
  const keep = (id: string, version: string, until: number, counted: Promise<Counted>) => {
    kept.delete(id)
    kept.set(id, { version, until, counted })
    if (kept.size > keptMax) kept.delete(kept.keys().next().value ?? '')
  }
  return async (id: string, version: string, count: () => Promise<Counted>): Promise<Counted> => {
    const last = kept.get(id)
    if (last && last.version === version && monoMs() < last.until) return last.counted
    const counting = count()
    // Whoever asks while it is counted waits for the same answer.
    if (last) keep(id, version, Number.POSITIVE_INFINITY, counting)
    try {
      const counted = await counting
      if (counted.recipients >= largeFrom)
        keep(id, version, monoMs() + counted.recipients / rowsPerMs, counting)
      else kept.delete(id)
      return counted
    } catch (error) {
      if (kept.get(id)?.counted === counting) kept.delete(id)
      throw error
    }
  }
}
