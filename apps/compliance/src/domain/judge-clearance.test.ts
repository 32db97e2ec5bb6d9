import { boundMs, defaultPolicy } from '@heed/clearance'
import type { Epoch } from '@heed/phone'
import { expect, test } from 'vitest'
import type { Entry } from './entry.ts'
import { judgeClearance } from './judge-clearance.ts'

const epoch = 'a'.repeat(16) as Epoch
const policy = defaultPolicy
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000)
const entry = (rev: number, op: Entry['op'], seconds: number, list = 'own'): Entry => {
  const outcome = op === 'block' ? 'turned' : op === 'lift' ? 'lifted' : 'known'
  return { rev, n: '+15550001111', list, op, outcome, src: `s${rev}`, at: at(seconds) }
}
const judge = (rev: number, gatedAt: Date, ...entries: Entry[]) =>
  judgeClearance({ epoch, rev, origin: 'broadcast', gatedAt }, { epoch, rev: 9, policy }, entries)

test('E2: a clearance agrees where nothing bound at its rev, and is blocked where something did', () => {
  const ledger = [entry(2, 'block', 0), entry(4, 'lift', 10), entry(6, 'block', 20, 'dnc')]
  const findings = [1, 2, 3, 4, 5, 6, 7].map((rev) => judge(rev, at(21), ...ledger))
  expect(findings).toEqual(['agrees', 'blocked', 'blocked', 'agrees', 'agrees', 'blocked', 'blocked'])
})

test('a change that turned nothing, as an import of a blocked number, is no reason of its own', () => {
  expect(judge(5, at(20), entry(5, 'keep', 0))).toBe('agrees')
})

test('E1: a block that no lease excuses is overdue, one that may just have been acknowledged is not', () => {
  const excusedMs = boundMs + 5_000
  const gatedAt = (afterBlockMs: number) => new Date(at(0).getTime() + afterBlockMs)
  expect(judge(1, gatedAt(excusedMs - 1), entry(2, 'block', 0))).toBe('agrees')
  expect(judge(1, gatedAt(excusedMs), entry(2, 'block', 0))).toBe('overdue')
  expect(judge(1, at(60), entry(2, 'block', 0), entry(3, 'lift', 30))).toBe('agrees')
})

test('E10: a rev that was never given out is ahead, and of another epoch nothing is known', () => {
  const asked = { origin: 'broadcast' as const, gatedAt: at(0) }
  expect(judgeClearance({ ...asked, epoch, rev: 10 }, { epoch, rev: 9, policy }, [])).toBe('ahead')
  const other = 'b'.repeat(16) as Epoch
  expect(judgeClearance({ ...asked, epoch: other, rev: 1 }, { epoch, rev: 9, policy }, [])).toBe('unknowable')
})
