import { mkdir, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger, RaiseAlarm } from '@heed/service'

/** File systems that end with the machine or the container (statfs(2), f_type). */
const fleeting = new Map([
  [0x01021994, 'tmpfs'],
  [0x858458f6, 'ramfs'],
  [0x794c7630, 'overlayfs, the writable layer of a container'],
])

/**
 * Where the journal goes. Says so where the directory does not look as if it outlived the process: what a
 * crash leaves there would be found by the carrier's retries and the poll only.
 */
export async function dataDir(given: string | undefined, log: Logger, raise: RaiseAlarm): Promise<string> {
  if (given === undefined) {
    const dir = join(tmpdir(), 'heed-inbound-sms')
    raise('journal-fleeting', { dir, because: 'DATA_DIR is not set' })
    return dir
  }
  try {
    const made = await mkdir(given, { recursive: true, mode: 0o700 })
    if (made !== undefined) {
      log.warn({ dir: given }, 'DATA_DIR was missing and has been made: it should outlive the process')
    }
    const kind = fleeting.get((await statfs(given)).type)
    if (kind !== undefined) raise('journal-fleeting', { dir: given, because: kind })
  } catch (error) {
    raise('journal-unusable', { err: error, dir: given })
  }
  return given
}
