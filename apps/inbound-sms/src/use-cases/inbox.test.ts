import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createMetrics, openAlarms, systemClock, systemTimers } from '@heed/service'
import { testLog, waitFor } from '@heed/testkit'
import { afterAll, expect, test } from 'vitest'
import type { InboundMessage } from '../domain/inbound-message.ts'
import { inboundMetrics } from '../metrics.ts'
import { openJournal } from '../store/journal.ts'
import { openInbox } from './inbox.ts'
import type { Settled } from './settle-message.ts'

const folder = mkdtempSync(join(tmpdir(), 'heed-inbox-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const stop: InboundMessage = {
  id: 'SM1',
  carrierAccount: 'AC1',
  from: '+15550001111',
  to: '+15550002222',
  text: 'STOP',
  receivedAt: '2025-01-01T12:00:00.000Z',
  via: 'webhook',
}
const settled: Settled = { account: 'acme', intent: 'opt-out', outcome: 'turned', reply: null }

/** An inbox before a compliance and a disk that do their work when they are told to. */
function testInbox(name: string) {
  const opened = new AsyncDisposableStack()
  const journal = opened.use(openJournal(join(folder, name)))
  const disk = Promise.withResolvers<void>()
  const compliance = Promise.withResolvers<Settled>()
  const asked: InboundMessage[] = []
  const log = testLog()
  const inbox = openInbox({
    journal: {
      append: (entry) => disk.promise.then(() => journal.append(entry)),
      move: journal.move,
      remove: journal.remove,
    },
    settle: (message) => {
      asked.push(message)
      return compliance.promise
    },
    arrivals: () => ({ store: async () => {} }),
    hints: { soon: () => ({ [Symbol.dispose]() {} }) },
    sendLateReply: async () => {},
    metrics: inboundMetrics(createMetrics({ withProcess: false })),
    raise: openAlarms({ log }),
    clock: systemClock,
    timers: systemTimers,
    random: Math.random,
    log,
  })
  const journaled = async () => (await journal.page('commit', 0, 10)).entries.map(({ id }) => id)
  return { inbox, disk, compliance, asked, journaled, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

/** Whether it has been told by now, all that could be done without waiting being done. */
async function isTold(receiving: Promise<unknown>): Promise<boolean> {
  for (let turn = 0; turn < 5; turn++) await nextTurn()
  return Promise.race([receiving.then(() => true), nextTurn(false)])
}

test('compliance is asked while the journal’s disk is at work, and success is told when both are done (E7)', async () => {
  await using system = testInbox('both')
  const receiving = system.inbox.receive(stop, 60_000)
  expect(system.asked).toEqual([stop])
  system.compliance.resolve(settled)
  expect(await isTold(receiving)).toBe(false)
  system.disk.resolve()
  expect(await receiving).toEqual({ state: 'settled', reply: null })
  await waitFor(async () => (await system.journaled()).length === 0)
})

test('a text that the journal has is not success before compliance has it (E7)', async () => {
  await using system = testInbox('journal-first')
  system.disk.resolve()
  const receiving = system.inbox.receive(stop, 60_000)
  await waitFor(async () => (await system.journaled()).includes(stop.id))
  expect(await isTold(receiving)).toBe(false)
  system.compliance.resolve(settled)
  expect(await receiving).toEqual({ state: 'settled', reply: null })
})

test('who is told to come again with a text that was not settled in time finds it in the journal (E7)', async () => {
  await using system = testInbox('late')
  system.disk.resolve()
  const receiving = system.inbox.receive(stop, 500)
  expect(await receiving).toEqual({ state: 'waiting', isDurable: true })
  expect(await system.journaled()).toEqual([stop.id])
})
