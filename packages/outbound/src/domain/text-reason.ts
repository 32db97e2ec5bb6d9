import type { Reason } from '@heed/clearance'

/** Why a text ended as it did, or is not known to have. `list` and `rev` where a block is the reason. */
export interface TextReason {
  readonly reason: string
  readonly list?: string
  /** ISO 8601: since when the reason stands. */
  readonly since: string
  readonly rev?: number
}

const names: ReadonlyMap<string, string> = new Map([
  ['own', 'opt-out'],
  ['carrier', 'carrier-refusal'],
  ['dnc', 'do-not-contact'],
  ['national-us-dnc', 'national-dnc'],
])

/** Every block that stands, as a report names it: a carrier's refusal is never shown as the person's opt-out. */
export function blockReasons(reasons: readonly Reason[]): TextReason[] {
  return reasons.map(({ list, since, rev }) => ({ reason: names.get(list) ?? 'blocked', list, since, rev }))
}
