import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { reap } from './reap.ts'
import { ProcessFailedError, type ProcessSpec, type RunningProcess, startProcess } from './start-process.ts'

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
  const starting = new Set<Promise<unknown>>()
  const running = new Set<RunningProcess>()
  let isOpen = true
  const start = async (spec: ProcessSpec) => {
    const started = await startProcess(spec, folder)
    running.add(started)
    void started.exited.then(() => running.delete(started))
    return started
  }
  return {
    folder,
    async start(spec) {
      if (!isOpen) throw new ProcessFailedError(`${spec.name} is not started: its group has ended`)
      const begun = start(spec)
      starting.add(begun)
      return begun.finally(() => starting.delete(begun))
    },
    async [Symbol.asyncDispose]() {
      isOpen = false
      await Promise.allSettled(starting)
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
