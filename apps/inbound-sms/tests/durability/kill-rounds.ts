import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { journalBook } from './journal-book.ts'
import type { Line } from './lines.ts'

export type KillReport = {
  readonly kills: number
  readonly acknowledged: number
  /** What was missing, torn, back again or set aside; empty is the promise. */
  readonly wrong: readonly string[]
}

const load = join(import.meta.dirname, 'journal-load.ts')
const checkEvery = 25

/**
 * Kills a process that works on a journal, again and again on one directory; each holds what the one before it
 * acknowledged against what it finds. Ends at the first round where something is wrong.
 */
export async function killRounds(kills: number, isTimeUp: () => boolean = () => false): Promise<KillReport> {
  const dataDir = mkdtempSync(join(tmpdir(), 'heed-journal-kills-'))
  const book = journalBook()
  // The first process ends in peace, and leaves its compiled code behind for the others.
  await onePeriod({ dataDir, round: 0, book, signal: 'SIGTERM' })
  let round = 0
  while (round < kills && book.wrong.length === 0 && !isTimeUp()) {
    round += 1
    await onePeriod({ dataDir, round, book, signal: 'SIGKILL' })
    if (round % checkEvery === 0) book.wrong.push(...damageIn(dataDir))
  }
  // What the last kill left.
  book.wrong.push(...damageIn(dataDir))
  await onePeriod({ dataDir, round: round + 1, book, signal: 'SIGTERM' })
  if (book.wrong.length === 0) rmSync(dataDir, { recursive: true, force: true })
  else book.wrong.push(`the files are in ${dataDir}`)
  return { kills: round, acknowledged: book.acknowledged(), wrong: book.wrong }
}

type Book = ReturnType<typeof journalBook>

async function onePeriod(options: {
  dataDir: string
  round: number
  book: Book
  signal: 'SIGTERM' | 'SIGKILL'
}) {
  const { dataDir, round, book, signal } = options
  const until = book.acknowledged() + 20 + Math.random() * 100
  const child = spawn(process.execPath, [load, dataDir, String(round), ...book.claimed().slice(-3)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(dataDir, 'compiled') },
  })
  const exited = once(child, 'exit')
  let killed: Promise<unknown> | null = null
  for await (const line of createInterface({ input: child.stdout })) {
    // The last line may be torn: then it told nothing.
    const told = parse(line)
    if (told) book.hear(told)
    if (book.acknowledged() >= until) killed ??= sleep(Math.random() * 5).then(() => child.kill(signal))
  }
  await killed
  await exited
}

function parse(line: string): Line | null {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

/** A file that was set aside, and what SQLite's own check says of a copy. */
function damageIn(dataDir: string): string[] {
  const aside = readdirSync(dataDir).filter((name) => name.includes('damaged'))
  const copy = mkdtempSync(join(tmpdir(), 'heed-journal-copy-'))
  try {
    for (const part of ['', '-wal']) {
      const name = `journal.sqlite${part}`
      if (existsSync(join(dataDir, name))) cpSync(join(dataDir, name), join(copy, name))
    }
    const file = new DatabaseSync(join(copy, 'journal.sqlite'))
    const rows = file.prepare('PRAGMA integrity_check').all()
    file.close()
    return [...aside, ...rows.map((row) => String(row.integrity_check)).filter((line) => line !== 'ok')]
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}
