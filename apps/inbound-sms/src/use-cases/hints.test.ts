import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { consentProvisional, EventOf } from '@heed/events'
import { AccountId } from '@heed/phone'
import { createMetrics, systemTimers } from '@heed/service'
import { afterAll, expect, test } from 'vitest'
import type { InboundMessage } from '../domain/inbound-message.ts'
import { inboundMetrics } from '../metrics.ts'
import { openJournal } from '../store/journal.ts'
import { provisionalHints } from './hints.ts'

const folder = mkdtempSync(join(tmpdir(), 'heed-hints-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const message = (id: string, text: string, from = '+15550001111'): InboundMessage => ({
  id,
  carrierAccount: 'AC1',
  from,
  to: '+15550002222',
  text,
  receivedAt: '2025-01-01T12:00:00.000Z',
  via: 'webhook',
})

test('every opt-out that waits in the journal is hinted at in each round, and nothing else is', async () => {
  await using journal = openJournal(join(folder, 'round'))
  const heard: [string, EventOf<typeof consentProvisional>][] = []
  const account = AccountId.parse('acme')
  const hints = provisionalHints({
    publish: (to, event) => heard.push([to, event]) > 0,
    owners: { find: () => ({ account, keywords: { optOut: ['FARVEL'] } }) },
    journal,
    metrics: inboundMetrics(createMetrics({ withProcess: false })),
    clock: { now: () => 10_000, monoMs: () => 0 },
    timers: systemTimers,
  })
  const texts = ['STOP', 'farvel', 'START', 'Hello', 'stop']
  for (const [index, text] of texts.entries()) {
    const from = index === 4 ? '12345' : '+15550001111'
    const body = { kind: 'message', message: message(`SM${index}`, text, from) } as const
    await journal.append({ id: `SM${index}`, lane: 'commit', at: 1_000, body })
  }
  await hints.repeat()
  await hints.repeat()
  expect(heard.map(([to, { source }]) => [to, source])).toEqual([
    ['acme', 'SM0'],
    ['acme', 'SM1'],
    ['acme', 'SM0'],
    ['acme', 'SM1'],
  ])
})

test('a round that finds NATS away fails, so that it is tried again soon', async () => {
  await using journal = openJournal(join(folder, 'away'))
  const hints = provisionalHints({
    publish: () => false,
    owners: { find: () => undefined },
    journal,
    metrics: inboundMetrics(createMetrics({ withProcess: false })),
    clock: { now: () => 10_000, monoMs: () => 0 },
    timers: systemTimers,
  })
  await expect(hints.repeat()).resolves.toBeUndefined()
  const body = { kind: 'message', message: message('SM1', 'STOP') } as const
  await journal.append({ id: 'SM1', lane: 'commit', at: 1_000, body })
  await expect(hints.repeat()).rejects.toThrow('NATS')
})

test('a first hint that could not be sent asks for a round, and one that was sent does not', async () => {
  await using journal = openJournal(join(folder, 'missed'))
  let isThere = false
  let due = () => {}
  const hints = provisionalHints({
    publish: () => isThere,
    owners: { find: () => undefined },
    journal,
    metrics: inboundMetrics(createMetrics({ withProcess: false })),
    clock: { now: () => 10_000, monoMs: () => 0 },
    timers: {
      ...systemTimers,
      after: (_ms, run) => {
        due = run
        return () => {}
      },
    },
  })
  let asked = 0
  hints.whenMissed(() => {
    asked += 1
  })
  hints.soon(message('SM1', 'STOP'))
  due()
  expect(asked).toBe(1)
  isThere = true
  hints.soon(message('SM2', 'STOP'))
  due()
  expect(asked).toBe(1)
})
