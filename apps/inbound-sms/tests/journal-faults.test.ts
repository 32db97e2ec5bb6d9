import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { smallDisks } from '@heed/testkit'
import { expect, test } from 'vitest'
import { openJournal } from '../src/store/journal.ts'
import { killRounds } from './durability/kill-rounds.ts'

test('E7: of a journal everything acknowledged is there after kill -9, what was removed is gone, nothing is half there', {
  timeout: 120_000,
}, async () => {
  const { kills, acknowledged, wrong } = await killRounds(3)
  expect(wrong).toEqual([])
  expect(kills).toBe(3)
  expect(acknowledged).toBeGreaterThan(60)
})

const fill = join(import.meta.dirname, 'durability/journal-fill.ts')

test.each(Object.entries(smallDisks))(
  '%s makes the journal refuse, keeps what it took and nothing else, and takes entries again when there is room',
  {
    timeout: 60_000,
  },
  async (name, make) => {
    using disk = make(1)
    if (!disk) return console.warn(`not run: ${name} cannot be made here (needs mount or prlimit)`)
    const child = spawn(...disk.commandLine(process.execPath, [fill, disk.dir]), {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const exited = once(child, 'exit')
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const next = async () => JSON.parse((await lines.next()).value ?? 'null')
    const full = await next()
    expect(full.taken.length).toBeGreaterThan(5)
    expect(full.refused).toHaveLength(3)
    for (const error of full.errors) expect(error).toMatch(/^JournalError: the journal failed: /)
    disk.enlarge(child.pid as number)
    child.stdin.write('go\n')
    const room = await next()
    expect(room).toMatchObject({ refused: [], errors: [] })
    await exited
    await using journal = openJournal(disk.dir)
    const { entries } = await journal.page('commit', 0, 10_000)
    expect(entries.map(({ id }) => id)).toEqual([...full.taken, ...room.taken])
  },
)
