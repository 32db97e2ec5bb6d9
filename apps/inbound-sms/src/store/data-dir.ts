import { mkdir, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from '@heed/service'

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
export async function dataDir(given: string | undefined, log: Logger): Promise<string> {
  if (given === undefined) {
    const dir = join(tmpdir(), 'heed-inbound-sms')
    log.warn({ dir }, 'DATA_DIR is not set: the journal is in a temporary directory and may be lost')
    return dir
  }
  try {
    const made = await mkdir(given, { recursive: true, mode: 0o700 })
    if (made !== undefined) {
      log.warn({ dir: given }, 'DATA_DIR was missing and has been made: it should outlive the process')
    }
    const kind = fleeting.get((await statfs(given)).type)
    if (kind !== undefined) {
      log.warn({ dir: given, kind }, 'DATA_DIR does not look as if it outlived the process')
    }
  } catch (error) {
    log.error({ err: error, dir: given }, 'DATA_DIR cannot be used: opt-outs are committed without a journal')
  }
  return given
}
