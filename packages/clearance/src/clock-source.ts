import { readFile } from 'node:fs/promises'

const currentSourcePath = '/sys/devices/system/clocksource/clocksource0/current_clocksource'

/**
 * The clock source of the kernel (`tsc`, `kvm-clock`, …), or null where the system does not tell. To be reported
 * at start: under a source that stops with a paused guest, a pause cannot be seen (protocol, exception 3).
 */
export async function clockSource(path = currentSourcePath): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim() || null
  } catch {
    return null
  }
}
