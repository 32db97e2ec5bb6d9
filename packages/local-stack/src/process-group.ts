import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { reap } from './reap.ts'
import { type ProcessSpec, type RunningProcess, startProcess } from './start-process.ts'

/** Processes that end with this one, also when it is killed with SIGKILL. */
export interface ProcessGroup extends AsyncDisposable {
  /** Where their records are; a process of ours may record its own children here too. */
  readonly folder: string
  start(spec: ProcessSpec): Promise<RunningProcess>
}

const reaperFile = fileURLToPath(new URL('./reaper.ts', import.meta.url))

/**
 * Opens a group whose records are kept in `folder`, which the group owns and removes at its end. Disposal
 * ends what still runs, those first that no other needs.
 */
export async function openProcessGroup(folder: string): Promise<ProcessGroup> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  await reap(folder)
  const reaper = spawn(process.execPath, [reaperFile, folder], {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
    env: {},
  })
  const reaperGone = new Promise<void>((resolve) => reaper.once('exit', () => resolve()))
  reaper.unref()
  const running = new Set<RunningProcess>()
  return {
    folder,
    async start(spec) {
      const started = await startProcess(spec, folder)
      running.add(started)
      void started.exited.then(() => running.delete(started))
      return started
    },
    async [Symbol.asyncDispose]() {
      for (const turn of [false, true]) {
        const due = [...running].filter(({ spec }) => (spec.endsLast ?? false) === turn)
        await Promise.all(due.map((each) => each[Symbol.asyncDispose]()))
      }
      reaper.ref()
      reaper.stdin.end()
      await reaperGone
    },
  }
}
