import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Environment } from './environment.ts'
import { repository } from './paths.ts'
import { type Ancestor, ancestors, identify, isAlive, type ProcessIdentity } from './process-identity.ts'
import { reap } from './reap.ts'

/** One `turbo run dev`: its tasks find each other by the turbo process that started them all. */
export interface DevRun {
  folder: string
  /** From this process's parent up to turbo; when one of them is gone, the run is over. */
  chain: readonly Ancestor[]
}

const runsFolder = join(repository, '.heed/runs')

/** Null where no turbo started this process. */
export function thisDevRun(): DevRun | null {
  const above = ancestors()
  const index = above.findIndex(({ program }) => program === 'turbo')
  const turbo = above[index]
  if (!turbo) return null
  return {
    folder: join(runsFolder, `${turbo.pid}-${turbo.started.replace(/\W+/g, '')}`),
    chain: above.slice(0, index + 1),
  }
}

/** Calls back once when one of the processes is gone: they may be killed without a signal reaching us. */
export function onceGone(chain: readonly ProcessIdentity[], gone: () => void): Disposable {
  const timer = setInterval(() => {
    if (chain.every(isAlive)) return
    clearInterval(timer)
    gone()
  }, 500)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

/** Says that this process prepares the run: should it end, the services waiting for it end too. */
export function announceRun({ folder }: DevRun): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeWhole(join(folder, 'infra.json'), identify(process.pid))
}

/** Ends what earlier runs left behind; only for the holder of the run lock. */
export async function clearEarlierRuns({ folder }: DevRun): Promise<void> {
  for (const other of readdirSync(runsFolder).map((name) => join(runsFolder, name))) {
    if (other === folder) continue
    await reap(other)
    rmSync(other, { recursive: true, force: true })
  }
}

/** Hands each service its environment. Readable by the owner alone: it holds the run's secrets. */
export function handOut(run: DevRun, environments: Readonly<Record<string, Environment>>): void {
  writeWhole(join(run.folder, 'environments.json'), environments)
}

const Infra = z.object({ pid: z.int(), started: z.string() })
const Environments = z.record(z.string(), z.record(z.string(), z.string()))

/** dev-infra never came. */
export class NoInfraError extends Error {
  override name = 'NoInfraError'
}

/** dev-infra ended before it had prepared the run. */
export class InfraEndedError extends Error {
  override name = 'InfraEndedError'
}

/** Waits for the environment of one service for as long as dev-infra lives, and 60 s for dev-infra to come. */
export async function receiveEnvironment(
  run: DevRun,
  name: string,
  signal: AbortSignal,
): Promise<Environment> {
  const until = performance.now() + 60_000
  let seen = false
  while (!signal.aborted) {
    const own = readJson(join(run.folder, 'environments.json'), Environments)?.[name]
    if (own) return own
    const infra = readJson(join(run.folder, 'infra.json'), Infra)
    if ((seen && !infra) || (infra && !isAlive(infra))) throw new InfraEndedError('dev-infra ended')
    seen ||= infra !== null
    if (!seen && performance.now() > until) throw new NoInfraError('dev-infra did not start')
    await sleep(100, undefined, { signal }).catch(() => {})
  }
  throw signal.reason
}

function writeWhole(path: string, value: unknown): void {
  writeFileSync(`${path}.new`, JSON.stringify(value), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

function readJson<Schema extends z.ZodType>(path: string, schema: Schema): z.infer<Schema> | null {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return null
  }
}
