import {
  type AuditedClearance,
  type AuditFinding,
  bindingReasons,
  boundMs,
  type Policy,
} from '@heed/clearance'
import type { BlockState, Entry } from './entry.ts'
import { applyEntry } from './fold.ts'

/**
 * Between the decision of a block, which is what the ledger has a time of, and its acknowledgement: the longest
 * that one attempt to commit may take, and what the clocks of a sender and of compliance may differ by.
 */
const slackMs = 5_000

type Asked = Pick<AuditedClearance, 'epoch' | 'rev' | 'origin'> & { readonly gatedAt: Date }

/**
 * What the ledger says of a clearance (`AuditFinding`). `entries` are those of its number, in order of rev, up to
 * `head.rev`. A block that was lifted later is never called overdue, whenever the lift was: rather miss than accuse.
 */
export function judgeClearance(
  { epoch, rev, origin, gatedAt }: Asked,
  head: { readonly epoch: string; readonly rev: number; readonly policy: Policy },
  entries: readonly Entry[],
): AuditFinding {
  if (epoch !== head.epoch) return 'unknowable'
  if (rev > head.rev) return 'ahead'
  const binds = (known: readonly Entry[]) =>
    bindingReasons(reasonsAfter(known), origin, head.policy).length > 0
  if (binds(entries.filter((entry) => entry.rev <= rev))) return 'blocked'
  const excusedFrom = gatedAt.getTime() - boundMs - slackMs
  const isInexcusable = (entry: Entry) =>
    entry.rev <= rev || entry.op === 'lift' || entry.at.getTime() <= excusedFrom
  return binds(entries.filter(isInexcusable)) ? 'overdue' : 'agrees'
}

function reasonsAfter(entries: readonly Entry[]) {
  const states = new Map<string, BlockState>()
  for (const entry of entries) {
    const next = applyEntry(states.get(entry.list) ?? null, entry)
    if (next) states.set(entry.list, next)
  }
  return [...states.values()].flatMap(({ blocked, list, since, rev }) =>
    blocked ? [{ list, since: since.toISOString(), rev }] : [],
  )
}
