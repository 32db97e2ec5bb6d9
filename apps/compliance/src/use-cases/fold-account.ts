import type { ClientSession } from '@heed/mongo'
import type { BlockState, Entry } from '../domain/entry.ts'
import { foldEntries, stateKey } from '../domain/fold.ts'
import { isSameRow, LedgerError, type LedgerRow, ledgerRows } from '../domain/ledger-rows.ts'
import type { Head } from '../store/heads.ts'
import type { ConsentStores } from '../store/stores.ts'

export interface FoldDeps {
  readonly stores: ConsentStores
  /** The ledger contradicts itself: nothing more is folded for this account. */
  readonly onStopped: (accountId: string, why: Error) => void
}

const attemptsMax = 5

/**
 * Moves an account's `recent` into the ledger and the blocklist (protocol, 3). Any instance may do it at any time,
 * and twice: rows are computed from what is stored, and stand at a majority before `recent` is trimmed.
 */
export function foldAccount(deps: FoldDeps): (accountId: string) => Promise<void> {
  const underWay = new Map<string, { again: boolean; done: Promise<void> }>()
  const stopped = new Set<string>()

  const run = async (accountId: string) => {
    try {
      for (let attempt = 0; attempt < attemptsMax; attempt++) {
        if ((await foldOnce(deps.stores, accountId)) === 'done') return
      }
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error
      stopped.add(accountId)
      deps.onStopped(accountId, error)
    }
  }

  return (accountId) => {
    if (stopped.has(accountId)) return Promise.resolve()
    const current = underWay.get(accountId)
    if (current) {
      current.again = true
      return current.done
    }
    const entry = { again: false, done: Promise.resolve() }
    entry.done = (async () => {
      do {
        entry.again = false
        await run(accountId)
      } while (entry.again)
    })().finally(() => underWay.delete(accountId))
    underWay.set(accountId, entry)
    return entry.done
  }
}

function foldOnce(stores: ConsentStores, a: string): Promise<'done' | 'again'> {
  return stores.session(async (session) => {
    const head = await stores.heads.readMajority(a, session)
    const entries = head?.recent.filter(({ rev }) => rev > head.folded) ?? []
    const last = entries.at(-1)
    if (!head || !last) return 'done'
    await appendToLedger(stores, session, head, entries)
    const standing = await putRows(stores, session, a, entries)
    if (!standing) return 'again'
    // Another instance that trimmed first may have seen less of `recent` than stands by now.
    return (await stores.heads.trim(head, last.rev)) ? 'done' : 'again'
  })
}

async function appendToLedger(
  stores: ConsentStores,
  session: ClientSession,
  { a, folded }: Head,
  entries: readonly Entry[],
): Promise<void> {
  const before = folded === 0 ? null : await stores.ledger.at(a, folded, session)
  if (folded > 0 && !before) throw new LedgerError(`rev ${folded} is folded and not in the ledger`)
  const srcs = entries.map(({ src }) => src)
  const sources = await stores.sources.find(a, srcs, session)
  const made = ledgerRows({ accountId: a, after: before, entries, sources })
  if ((await stores.ledger.append(a, made, session)) === 'some stood')
    await requireSame(stores, session, a, made)
}

/** A row that stood must be the row that was made; one that is missing was refused for a source seen twice. */
async function requireSame(
  stores: ConsentStores,
  session: ClientSession,
  a: string,
  made: readonly LedgerRow[],
) {
  const first = made[0]?.rev ?? 1
  const stored = await stores.ledger.after(a, first - 1, made.length, session)
  const byRev = new Map(stored.map((row) => [row.rev, row]))
  for (const row of made) {
    const standing = byRev.get(row.rev)
    if (!standing) throw new LedgerError(`rev ${row.rev} names a source that decided before`)
    if (!isSameRow(standing, row)) throw new LedgerError(`rev ${row.rev} stands otherwise in the ledger`)
  }
}

type Turning = ReadonlyMap<string, readonly Entry[]>

/** False where a row read back is older than it must be by now. */
async function putRows(
  stores: ConsentStores,
  session: ClientSession,
  a: string,
  entries: readonly Entry[],
): Promise<boolean> {
  const turning = Map.groupBy(
    entries.filter(({ op }) => op !== 'keep'),
    ({ n, list }) => stateKey(n, list),
  )
  const standing = await addNew(stores, session, a, turning)
  return standing.size === 0 || (await putOver(stores, session, a, standing))
}

/**
 * Adds the rows of numbers that look new, and returns what is left to put over rows that stand. A row is never
 * deleted, so where none stood nothing was folded before, and the entries at hand are all that make it. A majority
 * has acknowledged it, so that it need not be read back.
 */
async function addNew(
  stores: ConsentStores,
  session: ClientSession,
  a: string,
  turning: Turning,
): Promise<Turning> {
  const rows: BlockState[] = []
  const standing = new Map<string, readonly Entry[]>()
  for (const [key, changes] of turning) {
    const row = looksNew(changes) ? foldEntries(null, changes) : null
    if (row) rows.push(row)
    else standing.set(key, changes)
  }
  if (rows.length === 0) return turning
  return (await stores.blocklist.add(a, rows, session)) === 'new' ? standing : turning
}

/** A guess that spares a look: the number may have been lifted before, and have a row that says so. */
function looksNew([first]: readonly Entry[]): boolean {
  return first?.outcome === 'turned' || first?.outcome === 'no-block'
}

async function putOver(
  stores: ConsentStores,
  session: ClientSession,
  a: string,
  turning: Turning,
): Promise<boolean> {
  const keys = [...turning.values()].flatMap(([entry]) =>
    entry ? [{ a, n: entry.n, list: entry.list }] : [],
  )
  const stored = byKey(await stores.blocklist.find(keys, session))
  const rows: BlockState[] = []
  for (const [key, changes] of turning) {
    const state = stored.get(key) ?? null
    const folded = foldEntries(state, changes)
    if (folded && folded !== state) rows.push(folded)
  }
  if (rows.length > 0) await stores.blocklist.put(a, rows, session)
  const standing = byKey(await stores.blocklist.find(keys, session))
  return [...turning].every(([key, changes]) => (standing.get(key)?.rev ?? 0) >= (changes.at(-1)?.rev ?? 0))
}

/** The rows as states, without their keys: what is put again is a state and nothing else. */
function byKey(rows: readonly (BlockState & { _id?: string; a: string })[]): Map<string, BlockState> {
  return new Map(rows.map(({ _id, a, ...state }) => [stateKey(state.n, state.list), state]))
}
