import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMetrics } from '@heed/service'
import { testClock } from '@heed/testkit'
import { afterAll, expect, test } from 'vitest'
import { inboundMetrics } from '../metrics.ts'
import { openJournal } from '../store/journal.ts'
import { watchState } from './watch-state.ts'

const folder = mkdtempSync(join(tmpdir(), 'heed-watch-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let directories = 0

function watched() {
  const journal = openJournal(join(folder, String(++directories)))
  const clock = testClock()
  const alarms: [name: string, fields: unknown][] = []
  const state = { polledUntil: null as Date | null, counts: { unowned: 0, unusable: 0, refused: 0 } }
  const registry = createMetrics({ withProcess: false })
  const watch = watchState({
    journal,
    kept: () => ({ counts: async () => state.counts }),
    polls: () => ({ polledUntil: async () => state.polledUntil }),
    carrierAccount: 'AC1',
    reconcileEveryMs: 300_000,
    metrics: inboundMetrics(registry),
    raise: (name, fields) => void alarms.push([name, fields]),
    clock,
  })
  const wait = (id: string, text: string) =>
    journal.append({
      id,
      lane: 'commit',
      at: clock.now(),
      body: {
        kind: 'message',
        message: {
          id,
          carrierAccount: 'AC1',
          from: '+15550001111',
          to: '+15550002222',
          text,
          receivedAt: new Date(clock.now()).toISOString(),
          via: 'webhook',
        },
      },
    })
  return {
    journal,
    clock,
    alarms,
    state,
    registry,
    watch,
    wait,
    [Symbol.asyncDispose]: journal[Symbol.asyncDispose],
  }
}

test('an opt-out that waits in the journal for more than a minute is an alarm, a START there is none (E7)', async () => {
  await using kit = watched()
  await kit.wait('SM1', 'START')
  kit.clock.advance(10_000)
  await kit.wait('SM2', 'STOP')
  kit.clock.advance(59_000)
  await kit.watch.watchJournal()
  expect(kit.alarms).toEqual([])
  kit.clock.advance(2_000)
  await kit.watch.watchJournal()
  expect(kit.alarms).toEqual([['opt-out-waits', { oldestMs: 61_000, entries: 2 }]])
  expect(await kit.registry.metrics()).toContain('heed_inbound_journal_oldest_seconds{lane="commit"} 71')
})

test('a carrier list that was not read to its end for three intervals is an alarm, whoever read it last', async () => {
  await using kit = watched()
  kit.clock.advance(900_000)
  await kit.watch.watchPoll()
  expect(kit.alarms).toEqual([])
  kit.clock.advance(1)
  await kit.watch.watchPoll()
  expect(kit.alarms).toEqual([['reconcile-late', { sinceMs: 900_001 }]])
  kit.state.polledUntil = new Date(kit.clock.now())
  kit.clock.advance(900_000)
  await kit.watch.watchPoll()
  expect(kit.alarms).toHaveLength(1)
})

test('texts that no account can have are alarms, each kind with what to do', async () => {
  await using kit = watched()
  kit.state.counts = { unowned: 2, unusable: 1, refused: 1 }
  await kit.watch.watchKept()
  expect(kit.alarms).toEqual([
    ['texts-unowned', { texts: 2 }],
    ['texts-unusable', { texts: 2 }],
  ])
})
