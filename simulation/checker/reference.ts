import type { ConsentCall, PersonText } from '../world/history.ts'
import type { Change, LedgerTruth } from './ledger-truth.ts'
import type { Report } from './report.ts'

/**
 * The rules of the ledger once more, as plainly as they can be written, and run over what stands in it: what each
 * change should have done, given all before it and what its caller asked for; and what it makes of the blocklist.
 */
interface State {
  blocked: boolean
  rev: number
  since: Date
  sinceSource: string
  at: Date
  /** Every opt-out that holds it. */
  holders: Change[]
  texted: boolean
}

const resolutionMs = 1_000
const unknownTimeMs = 60_000
/** From the question which opt-outs hold a number to the opt-in that says when they were sent. */
const askedWithinMs = 3_000

export function judgeLedger(truth: LedgerTruth, report: Report): void {
  const states = new Map<string, State>()
  const decided = new Set<string>()
  let rev = 0
  for (const change of truth.changes) {
    const where = `${truth.account} rev ${change.rev}`
    if (change.rev !== rev + 1) report('E3', `${where} follows rev ${rev}`)
    rev = change.rev
    const decision = `${change.src} ${change.list} ${change.n}`
    if (decided.has(decision)) report('E4', `${where} decides again what ${change.src} decided`)
    decided.add(decision)
    const calls = (truth.calls.get(change.src) ?? []).filter(({ numbers }) => numbers.includes(change.n))
    if (calls.length === 0) report('E9', `${where} is of ${change.src}, which nobody sent for this account`)
    const key = `${change.n}/${change.list}`
    const state = states.get(key)
    if (calls.length > 0 && !calls.some((call) => isAsDecided(call, change, state, truth)))
      report('E5', `${where}: ${change.op} ${change.outcome} by ${change.src} is not what the rules say`)
    const next = applied(state, change)
    if (next) states.set(key, next)
  }
  if (rev !== truth.head.rev)
    report('E3', `${truth.account}: the ledger ends at ${rev}, the head at ${truth.head.rev}`)
  judgeBlocklist(truth, states, report)
}

function applied(state: State | undefined, change: Change): State | undefined {
  if (change.op === 'keep') return state
  const { rev, at, src } = change
  const turned = { rev, at, since: at, sinceSource: src, texted: change.texted === true }
  if (change.op === 'lift') {
    const since = state && !state.blocked ? { since: state.since, sinceSource: state.sinceSource } : {}
    return { ...turned, ...since, blocked: false, holders: [], texted: false }
  }
  if (!state?.blocked) return { ...turned, blocked: true, holders: [change] }
  return {
    ...state,
    rev,
    at,
    holders: [...state.holders, change],
    texted: state.texted || change.texted === true,
  }
}

function isAsDecided(
  call: ConsentCall,
  change: Change,
  state: State | undefined,
  truth: LedgerTruth,
): boolean {
  const expected = call.kind === 'opt-out' ? optOut(call, state) : optIn(call, change, state, truth)
  return expected.some(([op, outcome]) => op === change.op && outcome === change.outcome)
}

type Verdict = readonly [op: Change['op'], outcome: string]

/** A STOP is always a change, also of a number that is blocked. */
function optOut(call: ConsentCall, state: State | undefined): Verdict[] {
  if (!state?.blocked) return [['block', 'turned']]
  const isTexted = call.role === 'inbound' && call.list === 'own'
  return [isTexted ? ['block', 'renewed'] : ['keep', 'known']]
}

interface OptInInput {
  readonly sentAt?: string
  readonly basis?: { readonly epoch: string; readonly rev: number }
  readonly blockTimes?: readonly { readonly source: string; readonly sentAt: string }[]
}

function optIn(call: ConsentCall, change: Change, state: State | undefined, truth: LedgerTruth): Verdict[] {
  const input = call.input as OptInInput
  if (input.basis) {
    if (!state?.blocked) return [[change.list === 'own' ? 'lift' : 'keep', 'no-block']]
    const saw = input.basis.rev === state.rev && input.basis.epoch === truth.head.epoch
    return [saw ? ['lift', 'lifted'] : ['keep', 'stale']]
  }
  const text = truth.personTexts.get(change.src)
  if (text === undefined || (text.kind !== 'start' && text.kind !== 'yes')) return []
  if (!state?.blocked)
    return change.list === 'own' ? [[text.kind === 'yes' ? 'keep' : 'lift', 'no-block']] : []
  return [wasSurelyLater(call, text, state, truth) ? ['lift', 'lifted'] : ['keep', 'stale']]
}

/** The poll told when it was sent, so that nobody has to ask. */
const isTimed = (state: State, src: string) =>
  state.holders.some((holder) => holder.src === src && holder.sentAt !== undefined)

/** By the carrier's own times, whatever the call said; only a STOP committed while they were asked has none. */
function wasSurelyLater(call: ConsentCall, start: PersonText, state: State, truth: LedgerTruth): boolean {
  const { sentAt, blockTimes = [] } = call.input as OptInInput
  const isNew = ({ rev }: Change) => truth.seenOf(rev) > call.at - askedWithinMs
  if (sentAt === undefined && state.holders.every(isNew)) return false
  const told = new Set(blockTimes.map(({ source }) => source))
  const times = state.holders.map((holder) => {
    const stop = truth.personTexts.get(holder.src)
    const isTold = told.has(holder.src) || isTimed(state, holder.src) || !isNew(holder)
    return stop && isTold ? stop.second : Number.NaN
  })
  const areKnown = times.length <= 8 && times.every((time) => !Number.isNaN(time))
  if (!areKnown) return start.second > state.at.getTime() + unknownTimeMs
  return times.every((time) => start.second >= time + resolutionMs)
}

function judgeBlocklist(truth: LedgerTruth, states: ReadonlyMap<string, State>, report: Report): void {
  const rows = new Map(truth.blocklist.map((row) => [`${row.n}/${row.list}`, row]))
  for (const [key, state] of states) {
    const row = rows.get(key)
    rows.delete(key)
    if (row === undefined) {
      report('E3', `${truth.account}: the blocklist lacks the row of rev ${state.rev}`)
      continue
    }
    const sources = (row.sources as { src: string }[]).map(({ src }) => src).join()
    const expected = state.holders.slice(-8).map(({ src }) => src)
    const isSame =
      row.blocked === state.blocked &&
      row.rev === state.rev &&
      row.held === state.holders.length &&
      row.texted === state.texted &&
      row.sinceSource === state.sinceSource &&
      (row.since as Date).getTime() === state.since.getTime() &&
      (row.at as Date).getTime() === state.at.getTime() &&
      sources === expected.join()
    if (!isSame)
      report(
        'E3',
        `${truth.account}: the blocklist's row of rev ${row.rev} is not what rev ${state.rev} makes of it`,
      )
  }
  for (const row of rows.values())
    report('E3', `${truth.account}: the blocklist has a row of rev ${row.rev} that the ledger lacks`)
}
