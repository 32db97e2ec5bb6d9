import type { ClientSession } from '@heed/mongo'
import type { BlockState } from '../domain/entry.ts'
import { applyEntry, stateKey } from '../domain/fold.ts'
import type { RowKey } from '../store/blocklist.ts'
import { type Head, nationalLists } from '../store/heads.ts'
import type { ConsentStores } from '../store/stores.ts'

export interface AccountState {
  readonly head: Head
  /** By `stateKey`: the folded rows with `recent` applied to them. */
  readonly states: ReadonlyMap<string, BlockState>
  /** Of the lists that accounts share, as far as the account's policy names them; by `stateKey`. */
  readonly national?: ReadonlyMap<string, BlockState>
}

interface ReadState extends AccountState {
  /** A row was folded beyond the head: with it `states` is of no one rev, and may lack a block that stood always. */
  readonly isMixed: boolean
}

type Wanted = ReadonlyMap<string, ReadonlySet<string>>

/** One is mixed where a commit and its fold came between head and rows; so many in a row are ignorance. */
const readsMax = 5

/**
 * The states of some numbers of some accounts, each just as they were at its head's rev, and none older than the
 * call: the heads by a linearizable read, the rows after them in the same session, `recent` last. Heads first, so
 * that no change hides while it is folded; where one was folded meanwhile, its account is read again. An account
 * without a head is missing from the answer.
 */
export async function safeRead(stores: ConsentStores, wanted: Wanted): Promise<Map<string, AccountState>> {
  const answer = new Map<string, AccountState>()
  let open = wanted
  for (let reads = 0; open.size > 0; reads++) {
    if (reads === readsMax) throw new Error('heads moved on during every read')
    const read = await readOnce(stores, open)
    for (const [a, { isMixed, ...state }] of read) if (!isMixed) answer.set(a, state)
    open = new Map([...open].filter(([a]) => read.get(a)?.isMixed))
  }
  return answer
}

function readOnce(stores: ConsentStores, wanted: Wanted): Promise<Map<string, ReadState>> {
  return stores.session(async (session) => {
    const heads = await stores.heads.readLinearizable([nationalLists, ...wanted.keys()], session)
    if (!heads.delete(nationalLists)) throw new Error('the head of the national lists is missing')
    const states = await readStates(stores, session, heads, wanted)
    return withNational(stores, session, states, wanted)
  })
}

/** The rows of shared lists, read after the head of their version, which rises once they are written. */
async function withNational(
  stores: ConsentStores,
  session: ClientSession,
  states: Map<string, ReadState>,
  wanted: Wanted,
): Promise<Map<string, ReadState>> {
  const keys: RowKey[] = []
  for (const [a, { head }] of states)
    for (const list of nationalListsOf(head))
      for (const n of wanted.get(a) ?? []) keys.push({ a: nationalLists, n, list })
  if (keys.length === 0) return states
  const rows = await stores.blocklist.find(keys, session)
  const national = new Map(rows.map((row) => [stateKey(row.n, row.list), row]))
  return new Map([...states].map(([a, state]) => [a, { ...state, national }]))
}

/** The lists that accounts share and that this one's policy names. */
export const nationalListsOf = ({ policy }: Pick<Head, 'policy'>): string[] =>
  policy.v === 2 ? policy.national.map(({ list }) => list) : []

/** Reads the rows under heads that this session has read, and applies the heads' `recent` to them. */
export async function readStates(
  stores: ConsentStores,
  session: ClientSession,
  heads: ReadonlyMap<string, Head>,
  wanted: Wanted,
): Promise<Map<string, ReadState>> {
  const keys: RowKey[] = []
  for (const [a, numbers] of wanted) {
    for (const list of heads.get(a)?.lists ?? []) for (const n of numbers) keys.push({ a, n, list })
  }
  const rows = Map.groupBy(await stores.blocklist.find(keys, session), ({ a }) => a)
  const answer = new Map<string, ReadState>()
  for (const [a, numbers] of wanted) {
    const head = heads.get(a)
    const ofAccount = rows.get(a) ?? []
    const isMixed = ofAccount.some(({ rev }) => rev > (head?.rev ?? 0))
    if (head) answer.set(a, { head, states: overlay(head, ofAccount, numbers), isMixed })
  }
  return answer
}

function overlay(
  head: Head,
  rows: readonly BlockState[],
  numbers: ReadonlySet<string>,
): Map<string, BlockState> {
  const states = new Map(rows.map((row) => [stateKey(row.n, row.list), row]))
  for (const entry of head.recent) {
    if (!numbers.has(entry.n)) continue
    const key = stateKey(entry.n, entry.list)
    const next = applyEntry(states.get(key) ?? null, entry)
    if (next) states.set(key, next)
  }
  return states
}

/** Safe reads with at most so many heads in one linearizable read, the rest beside them. */
export function safeReadBy(stores: ConsentStores, headsPerRead: number) {
  return async (wanted: Wanted): Promise<Map<string, AccountState>> => {
    if (wanted.size <= headsPerRead) return safeRead(stores, wanted)
    const accounts = [...wanted]
    const parts: Promise<Map<string, AccountState>>[] = []
    for (let from = 0; from < accounts.length; from += headsPerRead) {
      parts.push(safeRead(stores, new Map(accounts.slice(from, from + headsPerRead))))
    }
    return new Map((await Promise.all(parts)).flatMap((part) => [...part]))
  }
}
