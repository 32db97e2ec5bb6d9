import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** A process for good: its number alone may be another's tomorrow. */
export interface ProcessIdentity {
  pid: number
  /** When it was started, in whatever unit the system tells it. */
  started: string
}

/** Who has this number now, or null where nobody has. */
export function identify(pid: number): ProcessIdentity | null {
  const row = process.platform === 'linux' ? fromProc(pid) : fromPs(pid)
  return row ? { pid, started: row.started } : null
}

export function isAlive({ pid, started }: ProcessIdentity): boolean {
  return identify(pid)?.started === started
}

export interface Ancestor extends ProcessIdentity {
  /** The name of its program, without folder. */
  program: string
}

/** The parent of this process first, up to where the chain ends. */
export function ancestors(): Ancestor[] {
  const chain: Ancestor[] = []
  for (let pid = process.ppid; pid > 1 && chain.length < 16; ) {
    const row = process.platform === 'linux' ? fromProc(pid) : fromPs(pid)
    if (!row) break
    chain.push({ pid, started: row.started, program: row.program })
    pid = row.parent
  }
  return chain
}

interface Row {
  parent: number
  program: string
  started: string
}

/** `pid (program) state ppid … starttime`; the program's name may hold spaces and brackets (proc(5)). */
function fromProc(pid: number): Row | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const program = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
    const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const started = rest[17]
    if (state === 'Z' || parent === undefined || started === undefined) return null
    return { parent: Number(parent), program, started }
  } catch {
    return null
  }
}

function fromPs(pid: number): Row | null {
  try {
    const format = ['-o', 'ppid=', '-o', 'lstart=', '-o', 'comm=']
    const line = execFileSync('ps', [...format, '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const match = /^\s*(\d+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/m.exec(line)
    if (!match) return null
    const [, parent, started, command] = match
    return {
      parent: Number(parent),
      started: started ?? '',
      program: (command ?? '').split('/').at(-1) ?? '',
    }
  } catch {
    return null
  }
}

/** Processes that this one started and that still live. */
export function childrenOf(pid: number): number[] {
  if (process.platform === 'linux') {
    const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    return all.map(Number).filter((candidate) => fromProc(candidate)?.parent === pid)
  }
  const rows = execFileSync('ps', ['-A', '-o', 'ppid=,pid='], { encoding: 'utf8' }).trim().split('\n')
  return rows
    .map((row) => row.trim().split(/\s+/).map(Number))
    .flatMap(([parent, child]) => (parent === pid && child !== undefined ? [child] : []))
}
