import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { identify } from './process-identity.ts'
import { removeProcessRecord, writeProcessRecord } from './process-record.ts'
import { send } from './reap.ts'

export type Sink = (line: string, name: string) => void

export interface ProcessSpec {
  name: string
  command: string
  args: readonly string[]
  cwd: string
  /** The whole environment; nothing of this process's own is added. */
  env: Readonly<Record<string, string>>
  /** Where it serves, or null; `line` finds it in the output. */
  url: string | null
  ready?: { line: RegExp } | { http: string }
  readyWithinMs?: number
  endsLast?: boolean
  /** How long it may take to end after SIGTERM; 12 s where not given, as services force themselves after 10 s. */
  stopWithinMs?: number
  sink?: Sink
}

export interface RunningProcess extends AsyncDisposable {
  readonly name: string
  readonly pid: number
  readonly url: string | null
  readonly spec: ProcessSpec
  /** What its `ready` line matched, where there is one. */
  readonly readyMatch: RegExpExecArray | null
  /** Resolves when it ended, whatever ended it. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  kill(signal: NodeJS.Signals): void
}

/** The process ended or stayed silent before it was ready; the message holds its last words. */
export class ProcessFailedError extends Error {
  override name = 'ProcessFailedError'
}

const lastLinesKept = 20
const usualStopMs = 12_000

/**
 * Starts one process of its own group, so that a terminal's Ctrl-C reaches it through us alone, and records
 * it in `folder` before anything else, so that the stack's reaper ends it should we be killed. Resolves when
 * it is ready. Disposal: SIGTERM, then SIGKILL to the group.
 */
export async function startProcess(spec: ProcessSpec, folder: string): Promise<RunningProcess> {
  const child = spawn(spec.command, [...spec.args], {
    cwd: spec.cwd,
    env: { ...spec.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const { pid } = child
  if (pid === undefined) throw await startError(child, spec)
  const identity = identify(pid) ?? { pid, started: 'unknown' }
  writeProcessRecord(folder, {
    name: spec.name,
    url: spec.url,
    ...identity,
    endsLast: spec.endsLast ?? false,
  })
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => {
      removeProcessRecord(folder, { name: spec.name, pid })
      resolve({ code, signal })
    })
  })
  let isGone = false
  void exited.then(() => {
    isGone = true
  })
  const output = readOutput(child, spec)
  const stop = async () => {
    if (!isGone) send(pid, 'SIGTERM')
    const giveUp = new AbortController()
    const late = sleep(spec.stopWithinMs ?? usualStopMs, 'late', { signal: giveUp.signal }).catch(
      () => 'early',
    )
    if ((await Promise.race([exited, late])) === 'late') send(-pid, 'SIGKILL')
    giveUp.abort()
    await exited
  }
  try {
    const readyMatch = await untilReady(spec, output, exited)
    return {
      name: spec.name,
      pid,
      url: spec.url,
      spec,
      readyMatch,
      exited,
      kill: (signal) => {
        if (!isGone) send(pid, signal)
      },
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

interface Output {
  last: string[]
  match: Promise<RegExpExecArray>
}

function readOutput(child: ChildProcess, spec: ProcessSpec): Output {
  const last: string[] = []
  const found = Promise.withResolvers<RegExpExecArray>()
  const pattern = spec.ready && 'line' in spec.ready ? spec.ready.line : null
  const read = (stream: Readable | null) => {
    if (!stream) return
    createInterface({ input: stream }).on('line', (line) => {
      last.push(line)
      if (last.length > lastLinesKept) last.shift()
      const match = pattern?.exec(line)
      if (match) found.resolve(match)
      spec.sink?.(line, spec.name)
    })
  }
  read(child.stdout)
  read(child.stderr)
  return { last, match: found.promise }
}

async function untilReady(
  spec: ProcessSpec,
  output: Output,
  exited: Promise<unknown>,
): Promise<RegExpExecArray | null> {
  if (!spec.ready) return null
  const ending = new AbortController()
  const withinMs = spec.readyWithinMs ?? 30_000
  const failed = (what: string) =>
    new ProcessFailedError(`${spec.name} ${what}; its last lines:\n${output.last.join('\n')}`)
  const ended = exited.then(() => {
    throw failed('ended before it was ready')
  })
  const late = sleep(withinMs, undefined, { signal: ending.signal }).then(() => {
    throw failed(`was not ready within ${withinMs} ms`)
  })
  for (const promise of [ended, late]) promise.catch(() => {})
  const ready = 'line' in spec.ready ? output.match : untilServing(spec.ready.http, ending.signal)
  try {
    return await Promise.race([ready, ended, late])
  } finally {
    ending.abort()
  }
}

/** Resolves when the address answers 200. */
async function untilServing(url: string, signal: AbortSignal): Promise<null> {
  while (!signal.aborted) {
    const timeout = AbortSignal.any([signal, AbortSignal.timeout(2_000)])
    const response = await fetch(url, { signal: timeout }).catch(() => null)
    await response?.body?.cancel()
    if (response?.status === 200) return null
    await sleep(50, undefined, { signal }).catch(() => {})
  }
  return null
}

async function startError(child: ChildProcess, spec: ProcessSpec): Promise<ProcessFailedError> {
  const cause = await new Promise((resolve) => child.once('error', resolve))
  return new ProcessFailedError(`${spec.name} cannot be started (${spec.command})`, { cause })
}
