import { writeSync } from 'node:fs'
import type { EntryBody, Lane } from '../../src/domain/journal-entry.ts'
import { openJournal } from '../../src/store/journal.ts'
import type { Line } from './lines.ts'

/*
 * A process to be killed: tells what its journal holds, then works on it until it is gone. Each line is in the
 * pipe before its operation begins, and before anything is done that rests on its end.
 */

const [dataDir = '', round = '0'] = process.argv.slice(2)
const journal = openJournal(dataDir)
const lanes: readonly Lane[] = ['commit', 'store', 'publish']
const keptMax = 12

// Not through process.stdout: what does not fit into the pipe would wait in this process, and die with it.
function say(line: Line): void {
  let rest = Buffer.from(`${JSON.stringify(line)}\n`)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(fullPipe, 0, 0, 1)
    }
  }
}
const fullPipe = new Int32Array(new SharedArrayBuffer(4))
const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(Math.random() * items.length)] as Item

const body = (id: string, text: string): EntryBody => ({
  kind: 'message',
  message: {
    id,
    carrierAccount: 'AC1',
    from: '+15550001111',
    to: '+15550002222',
    text,
    receivedAt: '2025-01-01T12:00:00.000Z',
    via: 'webhook',
  },
})

async function found(): Promise<Map<string, string>> {
  const entries = new Map<string, string>()
  for (const lane of lanes) {
    for (let after = 0; ; ) {
      const page = await journal.page(lane, after, 500)
      for (const { id, body } of page.entries)
        entries.set(id, `${lane} ${body.kind === 'message' ? body.message.text : ''}`)
      if (page.last === after) break
      after = page.last
    }
  }
  const owners = Object.fromEntries((await journal.owners()).map(({ number, body }) => [number, body]))
  say({ is: 'found', entries: Object.fromEntries(entries), owners })
  return entries
}

async function work(writer: number, kept: string[]): Promise<never> {
  for (let n = 0; ; n++) {
    const draw = Math.random()
    const isFull = kept.length > keptMax
    if (kept.length < 3 || (draw < 0.4 && !isFull)) {
      const id = `${writer}:${round}:${n}`
      const text = 'x'.repeat(Math.floor(Math.random() * 2_000))
      say({ is: 'begun', id, becomes: `commit ${text}` })
      await journal.append({ id, lane: 'commit', at: n, body: body(id, text) })
      say({ is: 'done', id })
      kept.push(id)
    } else if (draw < 0.6 && !isFull) {
      const [id, lane, text] = [pick(kept), pick(lanes), `moved in round ${round}, ${n}`]
      say({ is: 'begun', id, becomes: `${lane} ${text}` })
      await journal.move(id, lane, body(id, text))
      say({ is: 'done', id })
    } else if (draw < 0.7) {
      say({ is: 'owner', number: `+1555000${writer}`, body: `${round}/${n}`, isDone: false })
      await journal.setOwner(`+1555000${writer}`, `${round}/${n}`)
      say({ is: 'owner', number: `+1555000${writer}`, body: `${round}/${n}`, isDone: true })
    } else if (draw < 0.8) {
      const id = `${writer}:${round}:${n}`
      say({ is: 'claimed', id, isFirst: await journal.claim(id, n) })
    } else {
      const [id = ''] = kept.splice(Math.floor(Math.random() * kept.length), 1)
      say({ is: 'begun', id, becomes: null })
      await journal.remove(id)
      say({ is: 'done', id })
    }
  }
}

process.once('SIGTERM', () => process.exit())
const entries = await found()
const writers = Array.from({ length: 8 }, (_, writer) => writer)
// What was claimed before the last kill is claimed for good.
for (const id of process.argv.slice(4)) say({ is: 'claimed', id, isFirst: await journal.claim(id, 0) })
await Promise.all(
  writers.map((writer) =>
    work(
      writer,
      [...entries.keys()].filter((id) => id.startsWith(`${writer}:`)),
    ),
  ),
)
