import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** CPU time and memory of processes, as the kernel counts them. */
export interface Usage {
  /** CPU ms by process since it began; null where the system does not tell. */
  cpuMs(): Record<string, number> | null
  /** Resident memory of one process in bytes. */
  residentBytes(name: string): number | null
  /** Runs `work` and divides what each process spent meanwhile by `count`. */
  during<T>(count: number, work: () => Promise<T>): Promise<{ result: T; ms: Record<string, number> | null }>
}

/** Linux only: elsewhere figures come without their costs. */
export function usageOf(processes: readonly { name: string; pid: number }[]): Usage {
  const all = [...processes, { name: 'bench', pid: process.pid }]
  const cpuMs = () => {
    try {
      return Object.fromEntries(all.map(({ name, pid }) => [name, cpuMsOf(pid)]))
    } catch {
      return null
    }
  }
  return {
    cpuMs,
    residentBytes(name) {
      const found = all.find((one) => one.name === name)
      return found ? residentBytesOf(found.pid) : null
    },
    async during(count, work) {
      const before = cpuMs()
      const result = await work()
      const after = cpuMs()
      if (before === null || after === null) return { result, ms: null }
      const names = Object.keys(after)
      const ms = names.map((name) => [name, ((after[name] ?? 0) - (before[name] ?? 0)) / count] as const)
      return { result, ms: Object.fromEntries(ms) }
    },
  }
}

const ticksPerSecond = (() => {
  try {
    return Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' })) || 100
  } catch {
    return 100
  }
})()

/** proc(5): fields 14 and 15 of `stat`, counted after the command's closing bracket. */
function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticksPerSecond
}

function residentBytesOf(pid: number): number | null {
  try {
    const [, kib] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return kib === undefined ? null : Number(kib) * 1024
  } catch {
    return null
  }
}
