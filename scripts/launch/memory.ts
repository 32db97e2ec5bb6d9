import { readFileSync } from 'node:fs'

const everyMs = 500

/** Resident memory of a process in MB as the kernel counts it; 0 where it does not run. Linux only. */
export function residentMb(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1_024)
  } catch {
    return 0
  }
}

/** The most that any of some processes took since it began. */
export function watchMemory(read: () => readonly number[]): { readonly first: number; end(): number } {
  const first = Math.max(...read())
  let most = first
  const timer = setInterval(() => {
    most = Math.max(most, ...read())
  }, everyMs)
  return {
    first,
    end() {
      clearInterval(timer)
      return most
    },
  }
}
