import { startIsLater, type TextedOptIn } from './decide-opt-in.ts'
import { decideRecalled, type RecalledChange } from './decide-recalled.ts'
import type { BlockState, Entry, Outcome } from './entry.ts'
import { applyEntry, stateKey } from './fold.ts'

export interface OptOutChange {
  readonly kind: 'opt-out'
  readonly src: string
  readonly list: string
  readonly numbers: readonly string[]
  /** A text of the person is always a change, also of a number that is blocked: it renews the block's time. */
  readonly texted: boolean
  readonly sentAt?: Date
  readonly carrierAccount?: string
}

export interface OptInChange {
  readonly kind: 'opt-in'
  readonly src: string
  readonly numbers: readonly [string]
  readonly how:
    | { readonly by: 'text'; readonly start: TextedOptIn; readonly onlyIfBlocked: boolean }
    | HandOptIn
}

/** An operator's opt-in, bound to the block that they saw. */
export interface HandOptIn {
  readonly by: 'hand'
  readonly list: string
  readonly epoch: string
  readonly rev: number
}

export type Change = OptOutChange | OptInChange | RecalledChange

export interface Decision {
  readonly entry: Entry
  /** The decision stood already: this is the first answer again. */
  readonly replayed: boolean
}

/** What is known when a group is decided: heads, rows and sources of one safe read. */
export interface Known {
  readonly epoch: string
  readonly rev: number
  readonly at: Date
  /** By `stateKey`, `recent` overlaid. */
  readonly states: ReadonlyMap<string, BlockState>
  /** What stands already of the group's sources, in the ledger or in `recent`. */
  readonly done: readonly Entry[]
}

/** The lists that a person's START lifts, whatever blocked them. */
const liftedByStart = ['own', 'carrier'] as const

/** How many revs a change takes at most: what the commit's limit of 64 is counted in. */
export const revsMax = (change: Change): number => (change.kind === 'opt-in' ? 2 : change.numbers.length)

/**
 * Decides a group of changes in order, each on what the ones before it made. Every new decision takes the next
 * rev; a (src, list, number) that was decided before, in this group too, gets its first entry again.
 */
export function decideGroup(known: Known, changes: readonly Change[]): Decision[][] {
  const desk = openDesk(known)
  return changes.map((change) => {
    if (change.kind === 'opt-out') return decideOptOut(desk, change)
    return change.kind === 'opt-in' ? decideOptIn(desk, change) : [decideAgain(desk, change)]
  })
}

interface Desk {
  readonly known: Known
  state(number: string, list: string): BlockState | null
  done(src: string, number: string, list: string): Entry | undefined
  take(entry: Omit<Entry, 'rev' | 'at'> & { at?: Date }): Decision
}

function openDesk(known: Known): Desk {
  const states = new Map(known.states)
  const done = new Map(known.done.map((entry) => [doneKey(entry.src, entry.n, entry.list), entry]))
  let { rev } = known
  return {
    known,
    state: (number, list) => states.get(stateKey(number, list)) ?? null,
    done: (src, number, list) => done.get(doneKey(src, number, list)),
    take(decided) {
      rev += 1
      const entry: Entry = { rev, at: known.at, ...decided }
      const next = applyEntry(states.get(stateKey(entry.n, entry.list)) ?? null, entry)
      if (next) states.set(stateKey(entry.n, entry.list), next)
      done.set(doneKey(entry.src, entry.n, entry.list), entry)
      return { entry, replayed: false }
    },
  }
}

const doneKey = (src: string, number: string, list: string) => `${stateKey(number, list)}/${src}`

function decideOptOut(desk: Desk, change: OptOutChange): Decision[] {
  const { src, list, sentAt, carrierAccount } = change
  return change.numbers.map((n) => {
    const before = desk.done(src, n, list)
    if (before) return { entry: before, replayed: true }
    const isBlocked = desk.state(n, list)?.blocked === true
    const outcome: Outcome = !isBlocked ? 'turned' : change.texted ? 'renewed' : 'known'
    return desk.take({
      n,
      list,
      op: outcome === 'known' ? 'keep' : 'block',
      outcome,
      src,
      ...(sentAt ? { sentAt } : {}),
      ...(carrierAccount ? { carrierAccount } : {}),
      ...(change.texted ? { texted: true as const } : {}),
    })
  })
}

function decideOptIn(desk: Desk, change: OptInChange): Decision[] {
  const [n] = change.numbers
  const { how, src } = change
  if (how.by === 'hand') return [decideByHand(desk, n, src, how)]
  const before = liftedByStart.map((list) => desk.done(src, n, list)).filter((entry) => entry !== undefined)
  if (before.length > 0) return before.map((entry) => ({ entry, replayed: true }))
  const { start } = how
  const times = {
    ...(start.sentAt ? { sentAt: start.sentAt } : {}),
    ...(start.carrierAccount ? { carrierAccount: start.carrierAccount } : {}),
  }
  return liftedByStart.flatMap((list) => {
    const state = desk.state(n, list)
    const base = { n, list, src, ...times, texted: true as const }
    if (state?.blocked) {
      const lifts = startIsLater(state, start)
      return [desk.take({ ...base, op: lifts ? 'lift' : 'keep', outcome: lifts ? 'lifted' : 'stale' })]
    }
    if (list !== 'own') return []
    return [desk.take({ ...base, op: how.onlyIfBlocked ? 'keep' : 'lift', outcome: 'no-block' })]
  })
}

function decideByHand(desk: Desk, n: string, src: string, how: HandOptIn): Decision {
  const before = desk.done(src, n, how.list)
  if (before) return { entry: before, replayed: true }
  const state = desk.state(n, how.list)
  const base = { n, list: how.list, src }
  if (!state?.blocked)
    return desk.take({ ...base, op: how.list === 'own' ? 'lift' : 'keep', outcome: 'no-block' })
  const sawThisBlock = how.epoch === desk.known.epoch && how.rev === state.rev
  return desk.take({
    ...base,
    op: sawThisBlock ? 'lift' : 'keep',
    outcome: sawThisBlock ? 'lifted' : 'stale',
  })
}

function decideAgain(desk: Desk, change: RecalledChange): Decision {
  const [n] = change.numbers
  const before = desk.done(change.src, n, change.list)
  if (before) return { entry: before, replayed: true }
  return desk.take(decideRecalled(change, desk.state(n, change.list)))
}
