import type { Agenda } from '../world/agenda.ts'
import { wallZero } from '../world/machine.ts'
import type { Random } from '../world/random.ts'
import type { Doc } from './documents.ts'
import { type Member, member, type OplogEntry } from './node.ts'

/** How a majority's acknowledgement of a log position ended. */
export type Acknowledged = 'committed' | 'stepped-down'

interface Waiter {
  readonly length: number
  done(how: Acknowledged): void
}

/** Told of each write at the primary that applied it, and of each one that a majority holds. */
export interface ReplicaSetWatch {
  applied?(entry: OplogEntry): void
  committed?(entry: OplogEntry): void
}

/**
 * Three members that copy one log. It models what MongoDB documents of read concerns, write concerns, elections
 * and rollback, and no more: a write at a primary can be seen there before a majority has it, and is taken back
 * where it never gets one; a primary that was replaced answers until it hears of it.
 */
export function replicaSet(options: {
  agenda: Agenda
  random: Random
  toldMs: number
  watch: ReplicaSetWatch
}) {
  const { agenda, random, watch } = options
  const members = [member(0), member(1), member(2)]
  const cut = new Set<string>()
  const waiters = members.map((): Waiter[] => [])
  /** What each primary has heard of how far the others are. */
  const matched = members.map(() => [0, 0, 0])
  const copying = new Set<string>()
  /** The majority's point as it is told to each member, a little later. */
  const told = members.map((): { at: number; commit: number }[] => [])
  let term = 0
  let lastTs = 0
  let committedLength = 0
  /** Extra time that copying takes, in ms, and how late members hear what a majority holds. */
  let lagMs = 0
  const { toldMs } = options

  const areLinked = (a: number, b: number) => !cut.has(`${Math.min(a, b)}-${Math.max(a, b)}`)
  const nextTs = () => {
    lastTs = Math.max(lastTs + 1, Math.floor(agenda.now * 1000) + 1)
    return lastTs
  }

  const endWaiters = (one: Member, how: Acknowledged) => {
    const ended = (waiters[one.index] as Waiter[]).splice(0)
    for (const waiter of ended) waiter.done(how)
  }
  const advance = (primary: Member, length: number) => {
    if (length <= primary.commit || primary.log[length - 1]?.term !== primary.term) return
    primary.commit = length
    for (let at = committedLength; at < length; at++) watch.committed?.(primary.log[at] as OplogEntry)
    committedLength = Math.max(committedLength, length)
    for (const other of members)
      if (other !== primary && areLinked(primary.index, other.index))
        told[other.index]?.push({ at: agenda.now + random.between(0.3, toldMs) + lagMs, commit: length })
    const line = waiters[primary.index] as Waiter[]
    waiters[primary.index] = line.filter((waiter) => waiter.length > length)
    for (const waiter of line) if (waiter.length <= length) waiter.done('committed')
  }
  const stepDown = (one: Member) => {
    if (one.role !== 'primary') return
    one.role = 'secondary'
    endWaiters(one, 'stepped-down')
  }
  const hear = (one: Member) => {
    const heard = told[one.index] as { at: number; commit: number }[]
    while (heard[0] && heard[0].at <= agenda.now)
      one.commit = Math.max(one.commit, heard.shift()?.commit ?? 0)
    one.commit = Math.min(one.commit, one.log.length)
  }

  /** Copies what the secondary lacks; what it has and the primary has not is rolled back. */
  const copy = (primary: Member, secondary: Member) => {
    if (primary.role !== 'primary' || !primary.isUp || !secondary.isUp) return
    if (!areLinked(primary.index, secondary.index)) return
    if (secondary.term > primary.term) return stepDown(primary)
    if (secondary.term < primary.term) {
      stepDown(secondary)
      secondary.term = primary.term
    }
    let shared = Math.min(secondary.log.length, primary.log.length)
    while (shared > 0 && secondary.log[shared - 1] !== primary.log[shared - 1]) shared -= 1
    if (shared < secondary.log.length) secondary.truncate(shared)
    for (let at = shared; at < primary.log.length; at++) secondary.append(primary.log[at] as OplogEntry)
    hear(secondary)
    const length = secondary.log.length
    agenda.at(agenda.now + random.between(0.1, 0.6) + lagMs / 2, () => {
      if (primary.role !== 'primary' || !primary.isUp || primary.term !== secondary.term) return
      if (!areLinked(primary.index, secondary.index)) return
      const others = matched[primary.index] as number[]
      others[secondary.index] = Math.max(others[secondary.index] as number, length)
      // Of three members the primary and the furthest of the others are a majority.
      advance(primary, Math.max(...others.filter((_, index) => index !== primary.index)))
    })
  }
  const copySoon = (primary: Member) => {
    for (const other of members) {
      const key = `${primary.index}>${other.index}`
      if (other === primary || copying.has(key)) continue
      copying.add(key)
      agenda.at(agenda.now + random.between(0.1, 0.8) + lagMs / 2, () => {
        copying.delete(key)
        copy(primary, other)
      })
    }
  }

  const set = {
    members,
    get term() {
      return term
    },
    setLag: (ms: number) => {
      lagMs = ms
    },
    serverTime: () => new Date(wallZero + agenda.now),
    latestPrimary: (): Member | null => {
      const found = members.filter(({ role, isUp }) => role === 'primary' && isUp)
      return found.sort((a, b) => b.term - a.term)[0] ?? null
    },
    /** Applies a write at a primary and begins to copy it. Returns the log's length with it. */
    write(primary: Member, collection: string, id: string, doc: Doc | null): number {
      const entry = { ts: nextTs(), term: primary.term, collection, id, doc }
      primary.append(entry)
      if (collection !== '') watch.applied?.(entry)
      copySoon(primary)
      return primary.log.length
    },
    /** Tells when a majority holds so much of the primary's log, or that it stepped down before. */
    whenCommitted(primary: Member, length: number, done: (how: Acknowledged) => void): void {
      if (primary.commit >= length) done('committed')
      else if (primary.role !== 'primary') done('stepped-down')
      else waiters[primary.index]?.push({ length, done })
    },
    cut(a: number, b: number) {
      cut.add(`${Math.min(a, b)}-${Math.max(a, b)}`)
    },
    heal() {
      cut.clear()
      const primary = set.latestPrimary()
      if (primary) copySoon(primary)
    },
    stop(one: Member) {
      one.isUp = false
      stepDown(one)
    },
    start(one: Member) {
      one.isUp = true
      const primary = set.latestPrimary()
      if (primary && primary !== one) copySoon(primary)
    },
    stepDown,
    /** Makes the member with the furthest log, of a majority that sees each other, the primary of a new term. */
    elect(candidates: readonly Member[]): Member | null {
      const able = candidates.filter((one) => one.isUp)
      if (able.length < 2) return null
      const order = (one: Member) => [one.log.at(-1)?.term ?? 0, one.log.length] as const
      const chosen = [...able].sort(
        (a, b) => order(b)[0] - order(a)[0] || order(b)[1] - order(a)[1],
      )[0] as Member
      term += 1
      for (const one of able) {
        stepDown(one)
        one.term = term
      }
      hear(chosen)
      chosen.role = 'primary'
      matched[chosen.index] = [0, 0, 0]
      set.write(chosen, '', '', null)
      return chosen
    },
    areLinked,
  }
  return set
}
export type ReplicaSet = ReturnType<typeof replicaSet>
