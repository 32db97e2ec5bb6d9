import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { rawConnection } from '../raw-connection.ts'
import { newWriter, type Random, writeUntilGone } from './load.ts'
import { integrityOf, verify } from './verify.ts'

export type KillReport = {
  readonly kills: number
  readonly acknowledged: number
  /** What was missing, half there or disagreed; empty is the promise. */
  readonly wrong: readonly string[]
}

const main = join(import.meta.dirname, '../../src/main.ts')
const writersAtOnce = 8
/** SQLite's own check reads the whole file: on every so many kills, and on the last. */
const checkEvery = 25

/**
 * Kills the server under mixed writers, again and again on one directory, and holds what it finds after each
 * kill against what was acknowledged. Ends at the first round where something is wrong.
 */
export async function killRounds(kills: number, isTimeUp: () => boolean = () => false): Promise<KillReport> {
  const dataDir = mkdtempSync(join(tmpdir(), 'embedded-mongo-kills-'))
  const writers = Array.from({ length: writersAtOnce }, (_, id) => newWriter(id))
  const random: Random = Math.random
  let acknowledged = 0
  let wrong: string[] = []
  let round = 0
  let server = await start(dataDir)
  await createIndexes(server.port)
  // Ended in peace once, it leaves its compiled code behind, and every later start is quicker.
  server.child.kill('SIGTERM')
  await once(server.child, 'exit')
  server = await start(dataDir)
  while (round < kills && wrong.length === 0 && !isTimeUp()) {
    round += 1
    const killAfter = 20 + Math.floor(random() * 100)
    const { child, port } = server
    const gone = once(child, 'exit')
    let killed: Promise<unknown> | null = null
    let inRound = 0
    const kill = async () => {
      // At any moment: before, in and after a commit.
      await sleep(random() * 5)
      child.kill('SIGKILL')
      await gone
    }
    await Promise.all(
      writers.map((writer) =>
        writeUntilGone(port, writer, random, () => {
          inRound += 1
          if (inRound >= killAfter) killed ??= kill()
        }),
      ),
    )
    await killed
    acknowledged += inRound
    if (round % checkEvery === 0 || round === kills || isTimeUp()) wrong.push(...integrityOf(dataDir))
    server = await start(dataDir)
    wrong.push(...(await verify(server.port, writers)))
  }
  server.child.kill('SIGKILL')
  await once(server.child, 'exit')
  if (wrong.length === 0) rmSync(dataDir, { recursive: true, force: true })
  else wrong = [...wrong, `the files are in ${dataDir}`]
  return { kills: round, acknowledged, wrong }
}

async function start(dataDir: string): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [main, '--port', '0', '--data-dir', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: 'test', NODE_COMPILE_CACHE: join(dataDir, 'compiled') },
  })
  const [line] = (await Promise.race([
    once(child.stdout as NonNullable<typeof child.stdout>, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('the server ended at its start'))),
  ])) as [Buffer]
  return { child, port: Number(new URL(line.toString().trim()).port) }
}

async function createIndexes(port: number): Promise<void> {
  using raw = await rawConnection(port)
  const indexes = [
    { key: { u: 1 }, name: 'u', unique: true },
    { key: { v: 1 }, name: 'v' },
  ]
  const reply = await raw.command({ createIndexes: 'log', indexes, writeConcern: { w: 'majority', j: true } })
  if (reply.ok !== 1) throw new Error(`createIndexes was answered ${JSON.stringify(reply)}`)
}
