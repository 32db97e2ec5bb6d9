import { type BlockState, type Entry, type HoldingSource, holdingSourcesMax } from './entry.ts'

/** The state after one more entry. A `keep` turns nothing, and neither does an entry that is folded already. */
export function applyEntry(state: BlockState | null, entry: Entry): BlockState | null {
  if (entry.op === 'keep' || (state !== null && entry.rev <= state.rev)) return state
  const blocks = entry.op === 'block'
  const turns = state === null || state.blocked !== blocks
  const sources = blocks ? [...(turns ? [] : state.sources), holding(entry)].slice(-holdingSourcesMax) : []
  return {
    n: entry.n,
    list: entry.list,
    blocked: blocks,
    rev: entry.rev,
    since: turns ? entry.at : state.since,
    sinceSource: turns ? entry.src : state.sinceSource,
    at: entry.at,
    sources,
    held: blocks ? (turns ? 0 : state.held) + 1 : 0,
    texted: blocks && (entry.texted === true || (!turns && state.texted)),
  }
}

/** What the entries, in order of rev, make of a state: the fold of the ledger, and the overlay of `recent`. */
export function foldEntries(state: BlockState | null, entries: Iterable<Entry>): BlockState | null {
  let folded = state
  for (const entry of entries) folded = applyEntry(folded, entry)
  return folded
}

function holding({ src, sentAt, carrierAccount }: Entry): HoldingSource {
  return { src, ...(sentAt ? { sentAt } : {}), ...(carrierAccount ? { carrierAccount } : {}) }
}

/** Names a number on a list among an account's; numbers hold no `/`. */
export const stateKey = (number: string, list: string) => `${number}/${list}`
