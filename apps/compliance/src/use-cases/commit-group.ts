import type { Clock } from '@heed/service'
import { type Change, type Decision, decideGroup } from '../domain/decide.ts'
import type { BlockState, Entry } from '../domain/entry.ts'
import { commitMax, type Head, type Priority } from '../store/heads.ts'
import type { SourceRecord } from '../store/sources.ts'
import type { ConsentStores } from '../store/stores.ts'
import { readStates } from './safe-read.ts'

export interface Requested {
  readonly change: Change
  readonly source: SourceRecord
}

export type Attempt =
  | {
      readonly kind: 'committed'
      readonly head: Head
      readonly decisions: Decision[][]
      readonly fresh: readonly Entry[]
    }
  | { readonly kind: 'missed' | 'full' | 'unknown-account' }

/**
 * One attempt to commit a group of an account's changes in one conditional write (protocol, 3): read the head,
 * then the states and what stands of the sources; store the sources; decide; write on condition that no rev
 * was given out meanwhile. Whatever fails, the next attempt begins here again: the condition lets at most one
 * attempt apply, and what applied is found by its source.
 */
export async function attemptCommit(
  deps: { stores: ConsentStores; clock: Clock },
  accountId: string,
  group: readonly Requested[],
  priority: Priority,
): Promise<Attempt> {
  const { stores } = deps
  const [known] = await Promise.all([
    readKnown(stores, accountId, group),
    stores.sources.keep(accountId, onePerSource(group)),
  ])
  if (!known) return { kind: 'unknown-account' }
  const { head } = known
  const at = new Date(deps.clock.now())
  const decisions = decideGroup(
    { epoch: head.epoch, rev: head.rev, at, states: known.states, done: known.done },
    group.map(({ change }) => change),
  )
  const fresh = [...new Set(decisions.flat().map(({ entry }) => entry))].filter(({ rev }) => rev > head.rev)
  if (fresh.length === 0) return { kind: 'committed', head, decisions, fresh }
  if (head.recent.length > commitMax[priority].waiting) return { kind: 'full' }
  const applied = await stores.heads.commit(head, fresh, priority)
  return applied ? { kind: 'committed', head, decisions, fresh } : { kind: 'missed' }
}

interface KnownOfGroup {
  readonly head: Head
  readonly states: ReadonlyMap<string, BlockState>
  readonly done: readonly Entry[]
}

function readKnown(
  stores: ConsentStores,
  a: string,
  group: readonly Requested[],
): Promise<KnownOfGroup | null> {
  const numbers = new Set(group.flatMap(({ change }) => change.numbers))
  const srcs = new Set(group.map(({ change }) => change.src))
  return stores.session(async (session) => {
    const head = await stores.heads.readMajority(a, session)
    if (!head) return null
    const [accounts, rows] = await Promise.all([
      stores.beside(session, (other) =>
        readStates(stores, other, new Map([[a, withLists(head, group)]]), new Map([[a, numbers]])),
      ),
      stores.beside(session, (other) => stores.ledger.bySources(a, [...srcs], other)),
    ])
    const recent = head.recent.filter(({ src }) => srcs.has(src))
    return { head, states: accounts.get(a)?.states ?? new Map(), done: [...rows, ...recent] }
  })
}

/** A group may be the first to name a list: its rows are looked for all the same. */
function withLists(head: Head, group: readonly Requested[]): Head {
  const named = group.flatMap(({ change }) =>
    change.kind !== 'opt-in' ? [change.list] : change.how.by === 'hand' ? [change.how.list] : [],
  )
  return { ...head, lists: [...new Set([...head.lists, ...named])] }
}

function onePerSource(group: readonly Requested[]): SourceRecord[] {
  return [...new Map(group.map(({ source }) => [source.src, source])).values()]
}
