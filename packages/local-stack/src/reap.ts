import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive } from './process-identity.ts'
import { type ProcessRecord, readProcessRecords, removeProcessRecord } from './process-record.ts'

const graceMs = 8_000

/**
 * Ends every process recorded in the folder that still lives: SIGTERM, after 8 s SIGKILL to its whole group;
 * those that others need last. Records of processes that are gone are removed.
 */
export async function reap(folder: string): Promise<void> {
  const records = readProcessRecords(folder)
  for (const turn of [false, true]) {
    await Promise.all(records.filter(({ endsLast }) => endsLast === turn).map(end))
  }
  for (const record of records) removeProcessRecord(folder, record)
}

async function end(record: ProcessRecord): Promise<void> {
  if (!isAlive(record)) return
  send(record.pid, 'SIGTERM')
  const until = performance.now() + graceMs
  while (isAlive(record) && performance.now() < until) await sleep(25)
  if (isAlive(record)) send(-record.pid, 'SIGKILL')
}

/** A process that ended by itself in between is what was wanted. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
