import { expect, test } from 'vitest'
import { evidenceOf, judge } from '../chaos/checks/judge.ts'
import type { AccountFacts, Change, Facts, Row, Sending } from '../chaos/facts/facts.ts'
import { planOf } from '../chaos/plan/plan.ts'
import { nothingPlayed } from '../chaos/play/played.ts'

const t0 = Date.parse('2026-01-01T00:00:00Z')
const iso = (ms: number) => new Date(t0 + ms).toISOString()
const [ann, bob] = ['+15553000001', '+15553000002']
const [own, foreign] = ['+15552000000', '+15552000010']
const epoch = '0123456789abcdef'

const sending = (accountId: string, from: string, tag: string, people: string[]): Sending => ({
  kind: 'broadcast',
  accountId,
  from,
  id: `bc_${tag}`,
  people,
  tag,
  cancelled: false,
  pauses: [],
})
const change = (rev: number, op: string, source: string, atMs: number, outcome: string): Change => ({
  rev,
  number: ann,
  list: 'own',
  op,
  source,
  at: iso(atMs),
  outcome,
})

/** Ann gets a text, says STOP at 1 s, START at 5 s; Bob gets one; the other account texts both. */
function healthy() {
  const mine = sending('a', own, '<B1>', [ann, bob])
  const blockedOne = sending('a', own, '<B2>', [ann])
  const others = sending('b', foreign, '<B3>', [ann])
  const row = (of: Sending, number: string, state: string, more: Partial<Row> = {}): Row => ({
    sending: of,
    number,
    state,
    reasons: [],
    text: `${of.tag} Hello.`,
    attemptId: 'x.1',
    epoch,
    rev: 0,
    gatedAt: iso(500),
    writtenAt: iso(501),
    providerId: 'SM0',
    step: 0,
    ...more,
  })
  const unwritten = { attemptId: null, epoch: null, rev: null, gatedAt: null, writtenAt: null }
  const optedOut = [{ reason: 'opt-out', list: 'own', rev: 1 }]
  const rows = [
    row(mine, ann, 'sent'),
    row(mine, bob, 'sent'),
    row(blockedOne, ann, 'suppressed', { ...unwritten, reasons: optedOut }),
    row(others, ann, 'sent', { epoch: 'fedcba9876543210' }),
  ]
  const text = (from: string, body: string, ms: number) => ({ sid: 'SM0', from, body, receivedAt: iso(ms) })
  const account = (accountId: string, numbers: string[], given: string, changes: Change[]): AccountFacts => ({
    accountId,
    numbers,
    epoch: given,
    head: changes.length,
    changes,
    blocked: new Map(),
    states: new Map(changes.length > 0 ? [[ann, 'in']] : [[ann, 'never']]),
    copy: { epoch: given, rev: changes.length, blocked: new Map() },
  })
  const changes = [change(1, 'block', 'SM1', 950, 'turned'), change(2, 'lift', 'SM2', 5_050, 'lifted')]
  const facts = {
    ...nothingPlayed(),
    said: [
      { word: 'stop', accountId: 'a', number: ann, source: 'SM1', by: 'carrier', ackedAt: t0 + 1_000 },
      { word: 'start', accountId: 'a', number: ann, source: 'SM2', by: 'carrier', ackedAt: t0 + 5_100 },
    ],
    sendings: [mine, blockedOne, others],
    rows,
    enrolments: [],
    accounts: [account('a', [own], epoch, changes), account('b', [foreign], 'fedcba9876543210', [])],
    phones: new Map([
      [ann, [text(own, '<B1> Hello.', 502), text(foreign, '<B3> Hello.', 502), text(own, 'Out.', 1_001)]],
      [bob, [text(own, '<B1> Hello.', 503)]],
    ]),
    inbound: new Map([
      ['SM1', { from: ann, to: own, body: 'STOP', createdAt: t0 }],
      ['SM2', { from: ann, to: own, body: 'START', createdAt: t0 + 5_000 }],
    ]),
    stopReply: 'Out.',
    outages: [],
    ledgerFaults: [],
    isCrowded: false,
  } satisfies Facts as Facts & Writable
  return facts
}

/** A test may break what a run only reads. */
interface Writable {
  rows: Row[]
  accounts: AccountFacts[]
}

function brokenBy(harm: (facts: ReturnType<typeof healthy>) => object): string[] {
  const facts = healthy()
  const broken = { ...facts, ...harm(facts) } as Facts
  return judge(evidenceOf(broken))
    .filter(({ broken }) => broken.length > 0)
    .map(({ name }) => name)
}

const replace = <Item>(items: readonly Item[], at: number, more: Partial<Item>) =>
  items.map((item, i) => (i === at ? { ...item, ...more } : item))
const phone = (facts: Facts, number: string, body: string, from: string, ms: number) =>
  new Map([
    ...facts.phones,
    [number, [...(facts.phones.get(number) ?? []), { sid: 'SM9', from, body, receivedAt: iso(ms) }]],
  ])
const written = (ms: number, more: Partial<Row> = {}) => ({
  gatedAt: iso(ms - 1),
  writtenAt: iso(ms),
  ...more,
})

test('a run in which all held breaks no check', () => {
  expect(brokenBy(() => ({}))).toEqual([])
})

test('each invariant has a check that finds it broken', () => {
  const late = (ms: number) => (facts: Facts) => ({ rows: replace(facts.rows, 0, written(ms, { rev: 1 })) })
  const found: Record<string, (facts: ReturnType<typeof healthy>) => object> = {
    'E2 by a rev of another number': (facts) => ({ rows: replace(facts.rows, 1, written(1_600)) }),
    E1: (facts) => ({ rows: replace(facts.rows, 0, written(1_551, { rev: 0 })) }),
    E2: late(1_200),
    E3: (facts) => ({ accounts: replace(facts.accounts, 0, { blocked: new Map([[`${ann} own`, 1]]) }) }),
    E4: (facts) => ({ phones: phone(facts, ann, 'Out.', own, 1_300) }),
    E5: (facts) => ({
      inbound: new Map([
        ...facts.inbound,
        ['SM1', { from: ann, to: own, body: 'STOP', createdAt: t0 + 5_000 }],
      ]),
    }),
    E6: () => ({
      outages: [{ what: 'pause' as const, target: 'embedded-mongo', from: t0 - 1_000, until: t0 + 1_000 }],
    }),
    E7: (facts) => ({
      said: [
        ...facts.said,
        {
          word: 'stop' as const,
          accountId: 'a',
          number: bob,
          source: 'SM3',
          by: 'direct' as const,
          ackedAt: t0,
        },
      ],
    }),
    E8: (facts) => ({ phones: phone(facts, bob, '<B1> Hello.', own, 700) }),
    E9: (facts) => ({
      rows: replace(facts.rows, 3, {
        state: 'suppressed',
        reasons: [{ reason: 'opt-out', list: 'own', rev: 1 }],
      }),
    }),
    E10: (facts) => ({ rows: replace(facts.rows, 1, { epoch: 'ffffffffffffffff' }) }),
    E11: (facts) => ({
      accounts: replace(facts.accounts, 0, {
        copy: { epoch, rev: 1, blocked: new Map([[`${ann} own`, 1]]) },
      }),
    }),
    E12: () => ({ seen: [{ check: 'E12', what: 'it hangs' }] }),
    pause: (facts) => {
      facts.sendings[0]?.pauses.push({ from: t0 - 500, until: Number.POSITIVE_INFINITY })
      return {}
    },
    D1: () => ({ seen: [{ check: 'D1', what: 'a number in a line' }] }),
    D2: () => ({ seen: [{ check: 'D2', what: 'a process lives on' }] }),
    D3: () => ({ seen: [{ check: 'D3', what: 'nonsense was taken' }] }),
  }
  for (const [name, harm] of Object.entries(found))
    expect([name, brokenBy(harm)]).toEqual([name, expect.arrayContaining([name.split(' ')[0]])])
})

test('a first byte that its sender marked late is the exception that the protocol names, and no violation (E1, E2)', () => {
  expect(
    brokenBy((facts) => ({
      rows: replace(facts.rows, 0, { gatedAt: iso(900), writtenAt: iso(1_700), rev: 0 }),
      phones: new Map([
        ...facts.phones,
        [
          ann,
          (facts.phones.get(ann) ?? []).map((text, i) =>
            i === 0 ? { ...text, receivedAt: iso(1_701) } : text,
          ),
        ],
      ]),
    })),
  ).toEqual([])
})

test('what was not quiet in time on a machine that was too crowded is told, and neither held nor broken (E12)', () => {
  const seen = [{ check: 'E12', what: 'it hangs', isUnsure: true }]
  const verdict = judge(evidenceOf({ ...healthy(), seen })).find(({ name }) => name === 'E12')
  expect(verdict).toMatchObject({ broken: [], unsure: ['it hangs'] })
})

test('the same seed makes the same plan, another seed another', () => {
  const names = ['compliance', 'campaign', 'nats-server', 'embedded-mongo']
  expect(planOf(7, 60_000, names)).toEqual(planOf(7, 60_000, names))
  expect(planOf(7, 60_000, names).acts).not.toEqual(planOf(8, 60_000, names).acts)
})

test('a plan harms every process and every target, and leaves an account alone', () => {
  const names = ['compliance', 'campaign', 'nats-server', 'embedded-mongo']
  const plan = planOf(1, 60_000, names)
  const killed = plan.acts.flatMap((act) => (act.does === 'kill' ? [act.name] : []))
  const harmed = plan.acts.flatMap((act) => (act.does === 'net fault' ? [act.to] : []))
  expect(new Set(killed)).toEqual(new Set(names))
  expect(new Set(harmed)).toEqual(new Set(['compliance', 'database', 'nats', 'inbound-sms']))
  const quiet = plan.accounts.length - 1
  const toQuiet = plan.acts.filter((act) => 'account' in act && act.account === quiet)
  expect(new Set(toQuiet.map(({ does }) => does))).toEqual(new Set(['broadcast', 'sequence']))
})
