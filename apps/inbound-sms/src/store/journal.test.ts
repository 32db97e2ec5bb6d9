import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { EntryBody } from '../domain/journal-entry.ts'
import { JournalError, openJournal } from './journal.ts'

const folder = mkdtempSync(join(tmpdir(), 'heed-journal-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let directories = 0
const newDirectory = () => join(folder, String(++directories))

const body = (id: string): EntryBody => ({
  kind: 'message',
  message: {
    id,
    carrierAccount: 'AC1',
    from: '+15550001111',
    to: '+15550002222',
    text: 'STOP',
    receivedAt: '2025-01-01T12:00:00.000Z',
    via: 'webhook',
  },
})
const entry = (id: string) => ({ id, lane: 'commit', at: 1, body: body(id) }) as const

test('an entry is there after the journal was opened again, until it is removed', async () => {
  const directory = newDirectory()
  {
    await using journal = openJournal(directory)
    await Promise.all([journal.append(entry('a')), journal.append(entry('b')), journal.append(entry('a'))])
    await journal.remove('b')
  }
  await using journal = openJournal(directory)
  const { entries } = await journal.page('commit', 0, 10)
  expect(entries).toEqual([{ seq: 1, ...entry('a') }])
})

test('entries are paged in order of their arrival, each lane by itself', async () => {
  await using journal = openJournal(newDirectory())
  for (const id of ['a', 'b', 'c', 'd']) await journal.append(entry(id))
  await journal.move('b', 'store', body('b'))
  const first = await journal.page('commit', 0, 2)
  const second = await journal.page('commit', first.last, 2)
  const third = await journal.page('commit', second.last, 2)
  expect(first.entries.map(({ id }) => id)).toEqual(['a', 'c'])
  expect(second.entries.map(({ id }) => id)).toEqual(['d'])
  expect(third).toEqual({ entries: [], last: second.last })
  expect(await journal.stats()).toMatchObject({ commit: { entries: 3, oldestAt: 1 }, store: { entries: 1 } })
})

test('an id is claimed once, also over restarts', async () => {
  const directory = newDirectory()
  {
    await using journal = openJournal(directory)
    expect(await Promise.all([journal.claim('a', 1), journal.claim('a', 1)])).toEqual([true, false])
  }
  await using journal = openJournal(directory)
  expect(await journal.claim('a', 2)).toBe(false)
})

test('a journal has one holder, and the next one takes over when it is gone', async () => {
  const directory = newDirectory()
  const first = openJournal(directory)
  await first.append(entry('a'))
  await using second = openJournal(directory)
  await expect(second.append(entry('b'))).rejects.toThrow(JournalError)
  expect(second.isUsable()).toBe(false)
  await first[Symbol.asyncDispose]()
  await second.append(entry('b'))
  expect(second.isUsable()).toBe(true)
  expect((await second.page('commit', 0, 10)).entries.map(({ id }) => id)).toEqual(['a', 'b'])
})

test('what is asked of a closed journal is refused, and nothing waits for ever', async () => {
  const journal = openJournal(newDirectory())
  await journal[Symbol.asyncDispose]()
  await expect(journal.append(entry('a'))).rejects.toThrow(JournalError)
})
