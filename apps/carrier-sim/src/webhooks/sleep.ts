import { pause } from '@heed/service'

/** Waits where there is something to wait for, or until the signal is aborted. */
export async function sleep(ms: number, stopping: AbortSignal): Promise<void> {
  if (ms > 0 && !stopping.aborted) await pause(ms, stopping)
}
