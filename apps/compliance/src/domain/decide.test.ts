import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Change, decideGroup, type Known } from './decide.ts'
import type { BlockState, Entry } from './entry.ts'
import { foldEntries, stateKey } from './fold.ts'

const epoch = 'a'.repeat(16)
const n = '+15550001111'
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000)

/** Commits groups one after another, as the authority does, and keeps the ledger. */
function authority() {
  const ledger: Entry[] = []
  return {
    ledger,
    commit(seconds: number, ...changes: Change[]) {
      const known: Known = {
        epoch,
        rev: ledger.length,
        at: at(seconds),
        states: states(ledger),
        done: ledger,
      }
      const decisions = decideGroup(known, changes)
      for (const { entry } of decisions.flat())
        if (entry.rev > known.rev && !ledger.includes(entry)) ledger.push(entry)
      return decisions.map((each) => each.map(({ entry, replayed }) => ({ ...entry, replayed })))
    },
    state: (list = 'own') => states(ledger).get(stateKey(n, list)),
  }
}
function states(ledger: readonly Entry[]): Map<string, BlockState> {
  const groups = Map.groupBy(ledger, (entry) => stateKey(entry.n, entry.list))
  return new Map(
    [...groups].flatMap(([key, entries]) => {
      const state = foldEntries(null, entries)
      return state ? [[key, state] as const] : []
    }),
  )
}
const stop = (src: string, carrierAccount = 'AC1'): Change => ({
  kind: 'opt-out',
  src,
  list: 'own',
  numbers: [n],
  texted: true,
  carrierAccount,
})
const tick = (src: string, list = 'own'): Change => ({
  kind: 'opt-out',
  src,
  list,
  numbers: [n],
  texted: false,
})
const start = (
  src: string,
  sentAt: Date | undefined,
  times: Record<string, Date> = {},
  more: { onlyIfBlocked?: boolean; carrierAccount?: string } = {},
): Change => ({
  kind: 'opt-in',
  src,
  numbers: [n],
  how: {
    by: 'text',
    onlyIfBlocked: more.onlyIfBlocked ?? false,
    start: {
      ...(sentAt ? { sentAt } : {}),
      carrierAccount: more.carrierAccount ?? 'AC1',
      blockTimes: new Map(Object.entries(times)),
    },
  },
})
const byHand = (src: string, rev: number, list = 'own', seen = epoch): Change => ({
  kind: 'opt-in',
  src,
  numbers: [n],
  how: { by: 'hand', list, epoch: seen, rev },
})

describe('an opt-out', () => {
  test('of a free number turns it', () => {
    expect(authority().commit(1, stop('m1'))[0]).toMatchObject([
      { op: 'block', outcome: 'turned', rev: 1, replayed: false },
    ])
  })
  test('texted by a person who is blocked renews the block (a STOP is always a change)', () => {
    const a = authority()
    a.commit(1, stop('m1'))
    expect(a.commit(2, stop('m2'))[0]).toMatchObject([{ op: 'block', outcome: 'renewed', rev: 2 }])
    expect(a.state()).toMatchObject({ rev: 2, since: at(1), at: at(2), held: 2 })
  })
  test('ticked for a number that is blocked takes a rev and turns nothing', () => {
    const a = authority()
    a.commit(1, stop('m1'))
    expect(a.commit(2, tick('t1'))[0]).toMatchObject([{ op: 'keep', outcome: 'known', rev: 2 }])
    expect(a.state()).toMatchObject({ rev: 1, held: 1 })
  })
  test('repeated gets its first answer and no rev (E4)', () => {
    const a = authority()
    const [first] = a.commit(1, stop('m1'))
    expect(a.commit(9, stop('m1'))[0]).toEqual([{ ...first?.[0], replayed: true }])
    expect(a.ledger).toHaveLength(1)
  })
  test('that stands twice in one group is decided once (E4)', () => {
    const a = authority()
    expect(
      a
        .commit(1, stop('m1'), stop('m1'))
        .flat()
        .map(({ replayed }) => replayed),
    ).toEqual([false, true])
    expect(a.ledger).toHaveLength(1)
  })
  test('of one list turns no other', () => {
    const a = authority()
    a.commit(1, tick('r1', 'carrier'))
    expect(a.state('carrier')?.blocked).toBe(true)
    expect(a.state('own')).toBeUndefined()
  })
})

describe('a START', () => {
  test('surely sent after the block lifts it', () => {
    const a = authority()
    a.commit(1, stop('m1'))
    expect(a.commit(5, start('s1', at(4), { m1: at(1) }))[0]).toMatchObject([
      { op: 'lift', outcome: 'lifted' },
    ])
    expect(a.state()).toMatchObject({ blocked: false, held: 0, sources: [] })
  })
  test.each([
    ['sent before the block', at(0), { m1: at(1) }],
    ['sent within the same second as the block', at(1), { m1: at(1) }],
    ['without a time', undefined, { m1: at(1) }],
    ['sent soon after a block whose time is not known', at(60), {}],
  ])('%s leaves it, and is kept as stale (E5)', (_what, sentAt, times) => {
    const a = authority()
    a.commit(1, stop('m1'))
    expect(a.commit(70, start('s1', sentAt, times as Record<string, Date>))[0]).toMatchObject([
      { op: 'keep', outcome: 'stale', rev: 2 },
    ])
    expect(a.state()?.blocked).toBe(true)
  })
  test('taken in more than 60 s after the commit lifts a block whose time is not known', () => {
    const a = authority()
    a.commit(1, tick('t1'))
    expect(a.commit(70, start('s1', at(62)))[0]).toMatchObject([{ outcome: 'lifted' }])
  })
  test('of another carrier account does not compare with the block by its time', () => {
    const a = authority()
    a.commit(1, stop('m1', 'AC1'))
    expect(a.commit(9, start('s1', at(8), { m1: at(1) }, { carrierAccount: 'AC2' }))[0]).toMatchObject([
      { outcome: 'stale' },
    ])
  })
  test('leaves a block that an older STOP arriving late has joined, unless later than both (E5)', () => {
    const a = authority()
    a.commit(1, stop('m2'))
    a.commit(2, stop('m1'))
    expect(a.commit(9, start('s1', at(5), { m1: at(0), m2: at(6) }))[0]).toMatchObject([{ outcome: 'stale' }])
    expect(a.commit(9, start('s2', at(7), { m1: at(0), m2: at(6) }))[0]).toMatchObject([
      { outcome: 'lifted' },
    ])
  })
  test('leaves a block held by more sources than are kept', () => {
    const a = authority()
    const times: Record<string, Date> = {}
    for (let i = 0; i < 9; i++) {
      times[`m${i}`] = at(i)
      a.commit(i, stop(`m${i}`))
    }
    expect(a.state()).toMatchObject({ held: 9 })
    expect(a.commit(50, start('s1', at(40), times))[0]).toMatchObject([{ outcome: 'stale' }])
  })
  test('lifts the list of the carrier too, and takes a rev for each', () => {
    const a = authority()
    a.commit(1, stop('m1'), tick('r1', 'carrier'))
    expect(a.commit(99, start('s1', at(90), { m1: at(1) }))[0]).toMatchObject([
      { list: 'own', outcome: 'lifted', rev: 3 },
      { list: 'carrier', outcome: 'lifted', rev: 4 },
    ])
  })
  test("leaves the account's do-not-contact list alone", () => {
    const a = authority()
    a.commit(1, tick('d1', 'dnc'))
    a.commit(99, start('s1', at(90)))
    expect(a.state('dnc')?.blocked).toBe(true)
  })
  test('where nothing blocks is recorded as consent, and a YES there changes nothing', () => {
    const a = authority()
    expect(a.commit(1, start('y1', at(1), {}, { onlyIfBlocked: true }))[0]).toMatchObject([
      { op: 'keep', outcome: 'no-block' },
    ])
    expect(a.state()).toBeUndefined()
    expect(a.commit(2, start('s1', at(2)))[0]).toMatchObject([{ op: 'lift', outcome: 'no-block' }])
    expect(a.state()).toMatchObject({ blocked: false, rev: 2 })
  })
})

describe('an opt-in by hand', () => {
  test('lifts just the block that the operator saw (E5)', () => {
    const a = authority()
    a.commit(1, tick('t1'))
    a.commit(2, stop('m1'))
    expect(a.commit(3, byHand('h1', 1))[0]).toMatchObject([{ outcome: 'stale' }])
    expect(a.commit(4, byHand('h2', 2, 'own', 'b'.repeat(16)))[0]).toMatchObject([{ outcome: 'stale' }])
    expect(a.commit(5, byHand('h3', 2))[0]).toMatchObject([{ outcome: 'lifted' }])
  })
})

test('any changes in any groups give dense revs, one row for a source, and rows that are the fold of the ledger (E3, E4)', () => {
  const change = fc.oneof(
    fc.integer({ min: 0, max: 6 }).map((i) => stop(`m${i}`)),
    fc.integer({ min: 0, max: 3 }).map((i) => tick(`t${i}`, i % 2 ? 'own' : 'carrier')),
    fc
      .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 200 }))
      .map(([i, s]) => start(`s${i}`, at(s), { m0: at(0), m1: at(1) })),
    fc
      .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 9 }))
      .map(([i, rev]) => byHand(`h${i}`, rev)),
  )
  fc.assert(
    fc.property(fc.array(fc.array(change, { minLength: 1, maxLength: 5 }), { maxLength: 12 }), (groups) => {
      const a = authority()
      for (const [i, group] of groups.entries()) a.commit(i * 10, ...group)
      expect(a.ledger.map(({ rev }) => rev)).toEqual(a.ledger.map((_, i) => i + 1))
      const decided = a.ledger.map(({ src, list }) => `${src}/${list}`)
      expect(new Set(decided).size).toBe(decided.length)
      const twice = foldEntries(foldEntries(null, ownOf(a.ledger)), ownOf(a.ledger))
      expect(twice).toEqual(foldEntries(null, ownOf(a.ledger)))
    }),
  )
})
const ownOf = (ledger: readonly Entry[]) => ledger.filter(({ list }) => list === 'own')
