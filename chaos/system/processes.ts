import { readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { identify, type RunFile, type RunningProcess, startProcess } from '@heed/local-stack'
import type { Outage } from './outages.ts'

const isServer = (name: string) => /mongo|nats/.test(name)

/**
 * The processes of a run file, which may be killed, started again and paused. What is started here is recorded in
 * `processFolder`, so that it ends with this process however that ends.
 */
export function processesOf(
  system: RunFile,
  processFolder: string,
  outages: Outage[],
  sink: (line: string, name: string) => void,
) {
  const pids = new Map(system.processes.map(({ name, pid }) => [name, pid]))
  const everyPid = new Set(pids.values())
  const restarted = new Map<string, RunningProcess>()
  let closing = false

  const mark = (what: Outage['what'], target: string): Outage => {
    const outage = { what, target, from: Date.now(), until: Number.POSITIVE_INFINITY }
    outages.push(outage)
    return outage
  }

  const startAgain = async (name: string, spec: Awaited<ReturnType<typeof specOf>>) => {
    const told = { ...spec, name: `again-${process.pid}-${name}`, sink: (line: string) => sink(line, name) }
    const started = await startProcess(told, processFolder)
    restarted.set(name, started)
    pids.set(name, started.pid)
    everyPid.add(started.pid)
  }

  return {
    names: [...pids.keys()],
    /** Of everything that ever ran. */
    everyPid,
    pidOf: (name: string) => pids.get(name),

    /** `kill -9`, and the same command line, environment and folder again after `downMs`. */
    async killAndRestart(name: string, downMs: number): Promise<void> {
      const pid = pids.get(name)
      if (pid === undefined || identify(pid) === null || closing) return
      const spec = specOf(pid)
      process.kill(pid, 'SIGKILL')
      while (identify(pid) !== null) await sleep(5)
      const outage = mark('kill', name)
      await sleep(downMs)
      if (closing) return
      outage.until = Date.now()
      await startAgain(name, spec)
    },

    /** SIGSTOP, and SIGCONT after `forMs`. */
    async pause(name: string, forMs: number): Promise<void> {
      const pid = pids.get(name)
      const identity = pid === undefined ? null : identify(pid)
      if (!identity || closing) return
      process.kill(identity.pid, 'SIGSTOP')
      const outage = mark('pause', name)
      await sleep(forMs)
      outage.until = Date.now()
      // Killed meanwhile, its number may be another's.
      if (identify(identity.pid)?.started === identity.started) process.kill(identity.pid, 'SIGCONT')
    },

    /** SIGTERM to everything, services first; tells what had to be killed, as `name: seconds`. */
    async stop(withinMs: number): Promise<string[]> {
      closing = true
      const stubborn: string[] = []
      for (const turn of [false, true]) {
        const due = [...pids].filter(([name]) => isServer(name) === turn)
        await Promise.all(
          due.map(async ([name, pid]) => {
            if (!(await ended(pid, withinMs))) stubborn.push(name)
          }),
        )
      }
      return stubborn
    },

    async [Symbol.asyncDispose]() {
      closing = true
      for (const turn of [false, true]) {
        const due = [...restarted].filter(([name]) => isServer(name) === turn)
        await Promise.all(due.map(([, started]) => started[Symbol.asyncDispose]()))
      }
    },
  }
}

async function ended(pid: number, withinMs: number): Promise<boolean> {
  const identity = identify(pid)
  if (!identity) return true
  const until = performance.now() + withinMs
  process.kill(pid, 'SIGTERM')
  while (identify(pid)?.started === identity.started) {
    if (performance.now() > until) return false
    await sleep(20)
  }
  return true
}

/** What starts a process again as it was started. */
function specOf(pid: number) {
  const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0').slice(0, -1)
  const [command = '', ...args] = read('cmdline')
  const env = read('environ').map((pair) => [
    pair.slice(0, pair.indexOf('=')),
    pair.slice(pair.indexOf('=') + 1),
  ])
  const cwd = readlinkSync(`/proc/${pid}/cwd`)
  return {
    command,
    args,
    cwd,
    env: Object.fromEntries(env) as Record<string, string>,
    url: null,
    stopWithinMs: 5_000,
  }
}
